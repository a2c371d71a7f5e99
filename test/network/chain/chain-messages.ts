import type { Deployment } from '@sextant/contracts-client';
import type { NetworkView } from '@sextant/oracle/api';

/** As `sextant-oracle keys` prints it. */
export interface RegistryEntry {
  readonly account: `0x${string}`;
  readonly logKey: `0x${string}`;
  readonly mirrorKey: `0x${string}`;
  readonly chainAnchor: `0x${string}`;
}

/** A hotspot of the simulated city and the key of its owner, which only stands for something on a chain of one's own. */
export interface DemoOwner {
  /** `hs1…` */
  readonly hotspot: string;
  /** Of the hotspot, hex. */
  readonly key: string;
  /** Hex. */
  readonly ownerKey: string;
}

/** Launcher → chain process. */
export type ChainRequest =
  | {
      readonly type: 'chain/open-local';
      /** Where state and deployment file lie. */
      readonly folder: string;
      /** 0 = any free one. */
      readonly port: number;
      readonly timing: NetworkView['timing'];
      readonly ruleSet: number;
      readonly validator: RegistryEntry;
    }
  | { readonly type: 'chain/open-remote'; readonly rpcUrl: string; readonly deploymentFile: string }
  | { readonly type: 'chain/watch'; readonly apiUrl: string; readonly claimants: readonly DemoOwner[] }
  | {
      readonly type: 'chain/register';
      readonly owners: readonly (DemoOwner & {
        /** The hotspot key's signature, hex. */
        readonly possession: string;
      })[];
    };

export interface ChainOpened {
  readonly type: 'chain/opened';
  readonly rpcUrl: string;
  readonly deployment: Deployment;
}

export interface ChainRegistered {
  readonly type: 'chain/registered';
  readonly registered: number;
}

/** Amounts in base units, as text. */
export interface EpochSettled {
  readonly type: 'chain/epoch-settled';
  readonly epoch: number;
  readonly minted: string;
}

export interface DemoClaimed {
  readonly type: 'chain/claimed';
  readonly hotspot: string;
  readonly owner: string;
  readonly epoch: number;
  readonly paid: string;
  readonly balance: string;
}
