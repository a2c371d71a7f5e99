import { join } from 'node:path';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import type { Genesis } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { RuleSet } from './core/index.ts';
import { type FileSystem, type Ledger, openLedger } from './ledger/index.ts';
import { type NewNetworkOptions, timingOfNewNetwork } from './oracle-options.ts';
import { createGenesis, readGenesis } from './validator/genesis.ts';
import type { ValidatorIdentity } from './validator/identity.ts';
import { createRecordSigner } from './validator/record-signer.ts';

export interface OpenedLog {
  readonly ledger: Ledger;
  readonly origin: string;
  readonly genesis: Genesis;
  readonly genesisEntry: Uint8Array;
  readonly ruleSet: RuleSet;
}

export interface OpenLogModules {
  readonly identity: ValidatorIdentity;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Opens the validator's log; an empty one begins with the genesis record of `newNetwork`. Throws LedgerError or
 * GenesisError, which say what to do.
 */
export async function openLog(
  options: { readonly dataDirectory: string; readonly newNetwork: NewNetworkOptions },
  modules: OpenLogModules,
): Promise<OpenedLog> {
  const { identity, clock } = modules;
  const origin = originOf(identity);
  const ledger = await openLedger(
    { directory: logFolder(options.dataDirectory), origin },
    { ...modules, signer: { name: origin, ...signerOf(identity) } },
  );
  if (ledger.size === 0) {
    const { newNetwork } = options;
    const genesis = createGenesis({ ...newNetwork, timing: timingOfNewNetwork(newNetwork, clock.now()) }, identity);
    await ledger.append(createRecordSigner(newNetwork.networkId, identity.signer)(genesis));
  }
  const genesisEntry = await ledger.readEntry(0);
  return { ledger, origin, genesisEntry, ...readGenesis(genesisEntry, fastVerifySignature) };
}

/** Names the log of a validator in its checkpoints. */
export function originOf(identity: Pick<ValidatorIdentity, 'id'>): string {
  return `sextant.log/${identity.id}`;
}

/** Folder of the log in the data folder. */
export const logFolder = (dataDirectory: string): string => join(dataDirectory, 'log');

function signerOf({ signer }: ValidatorIdentity): { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array } {
  return { publicKey: signer.publicKey, sign: (message) => signer.sign(message) };
}
