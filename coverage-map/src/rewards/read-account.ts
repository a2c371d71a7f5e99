import {
  type Claimable,
  createWalletReader,
  type Deployment,
  type EthereumProvider,
  findClaimable,
  readBalance,
  readHead,
} from '@sextant/contracts-client/browser';
import type { AddressText, ChainView } from '@sextant/oracle/api';
import type { ChainAccount } from '../state/rewards-state.ts';
import type { OwnerApi } from './owner-api.ts';

/** What a claim needs, beside what is shown of it. */
export interface ReadAccount {
  readonly shown: ChainAccount;
  readonly claimable: Claimable;
}

export interface ReadAccountModules {
  readonly provider: EthereumProvider;
  readonly api: OwnerApi;
  /** Where proofs are asked for: this page's own origin is the only one its headers let it ask. */
  readonly mirror: string;
  readonly fetch: typeof fetch;
}

/** The deployment as the package's questions take it. */
export const deploymentOf = (chain: ChainView): Pick<Deployment, 'contracts'> => chain as Pick<Deployment, 'contracts'>;

/** Reads the chain through the wallet, and checks the mirror's proof against a root it read there. Errors are the provider's. */
export async function readAccount(
  chain: ChainView,
  address: AddressText,
  { provider, api, mirror, fetch: fetchUrl }: ReadAccountModules,
): Promise<ReadAccount> {
  const reader = createWalletReader(provider);
  const deployment = deploymentOf(chain);
  const owner = address as `0x${string}`;
  const [claimable, head, balance] = await Promise.all([
    findClaimable(reader, deployment, owner, [mirror], fetchUrl),
    readHead(reader, deployment),
    readBalance(reader, deployment, owner),
  ]);
  const { claimed, amount, proof, refused, unknown } = claimable;
  const postedTotal = head.pending && (await api.earnedBy(address, head.nextEpoch).catch(() => undefined));
  return {
    claimable,
    shown: {
      claimed,
      claimable: amount,
      balance,
      unknown,
      nextEpoch: head.nextEpoch,
      faults: refused.filter(({ fault }, i) => refused.findIndex((other) => other.fault === fault) === i),
      ...(proof === undefined ? {} : { provenEpoch: proof.epoch }),
      ...(head.pending === undefined ? {} : { vetoEndsMs: head.pending.activatableAtSeconds * 1000 }),
      ...(postedTotal === undefined ? {} : { postedTotal }),
    },
  };
}
