import { createSeedSigner, fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { leafHash, verifyCheckpoint, verifyInclusion } from '@sextant/firmware-bridge/protocol';
import {
  type FileSystem,
  type Ledger,
  type LogProof,
  type NoteSigner,
  noteKeyOf,
  type OpenLedgerModules,
  type OpenLedgerOptions,
  openLedger,
  type ProcessTable,
} from '@sextant/oracle/ledger';
import { pino } from 'pino';
import { LooseClock } from './loose-clock.ts';

export const ORIGIN = 'validator.example/log';
export const DIRECTORY = '/var/ledger';

const seedSigner = createSeedSigner(new Uint8Array(32).fill(7));
export const signer: NoteSigner = {
  name: ORIGIN,
  publicKey: seedSigner.publicKey,
  sign: (message) => seedSigner.sign(message),
};
const LOG_KEY = { origin: ORIGIN, key: noteKeyOf(signer) };

export const silentLogger = pino({ level: 'silent' });

/** The one process with this pid that is alive. */
function onlyProcess(pid: number): ProcessTable {
  return { pid, identify: (other) => (other === pid ? `process-${pid}` : undefined) };
}

let lastPid = 100;

/** Opens the log as a new process would, on a clock that the test moves. */
export async function openOn(
  fileSystem: FileSystem,
  options: Partial<OpenLedgerOptions> = {},
  modules: Partial<OpenLedgerModules> = {},
): Promise<{ ledger: Ledger; clock: LooseClock }> {
  const clock = new LooseClock();
  lastPid += 1;
  const ledger = await openLedger(
    { directory: DIRECTORY, origin: ORIGIN, ...options },
    { fileSystem, signer, clock, logger: silentLogger, processes: onlyProcess(lastPid), ...modules },
  );
  return { ledger, clock };
}

/** True when this is a receipt for this entry: the checkpoint is signed and the path leads to its root. */
export function isReceiptFor(entry: Uint8Array, proof: LogProof): boolean {
  const verified = verifyCheckpoint(proof.checkpoint, LOG_KEY, fastVerifySignature);
  if (!verified.ok) return false;
  const { size: treeSize, root } = verified.checkpoint;
  return verifyInclusion({ leafIndex: proof.leafIndex, treeSize, leafHash: leafHash(entry), root }, proof.proof);
}

/** All entries of the log. */
export async function readAll(ledger: Ledger): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  for await (const entry of ledger.entries(0)) entries.push(entry);
  return entries;
}
