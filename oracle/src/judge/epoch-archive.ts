import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnerLeaf } from '@sextant/contracts-client/encoding';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { decodeState, type EncodedState, type EpochResult, type EpochState, encodeState } from '../core/index.ts';
import { decodeOwnerTotals, encodeOwnerTotals } from './owner-totals.ts';
import { verdictLeavesOf } from './verdict-leaves.ts';

/** What of a closed epoch lies on the disk. All of it follows from the log; losing it costs time, not truth. */
export interface EpochArchive {
  /** Number of the newest epoch here, −1 when there is none. */
  latestEpoch(): Promise<number>;
  /** The state that closing `epoch` left. Undefined when it is not here or damaged: compute it from the log. */
  findState(epoch: number): Promise<EpochState | undefined>;
  /** The exact RFC 8785 bytes whose hash validators sign. */
  findSummary(epoch: number): Promise<Uint8Array | undefined>;
  /** What everybody has been paid since genesis, by address; undefined when the epoch is not here or damaged. */
  findOwnerTotals(epoch: number): Promise<readonly OwnerLeaf[] | undefined>;
  /** Report ids and leaf hashes of the verdicts, as `verdictLeaves` reads them. */
  findVerdictLeaves(epoch: number): Promise<Uint8Array | undefined>;
  /** All of an epoch or nothing of it, synced. */
  write(result: EpochResult<EpochState>): Promise<void>;
}

const STATE = 'state';
const SUMMARY = 'summary.json';
const VERDICT_LEAVES = 'verdict-leaves';
const OWNERS = 'owners';

/** Where an oracle keeps its closed epochs. */
export const epochsFolder = (dataDirectory: string): string => join(dataDirectory, 'epochs');

/** Keeps closed epochs in `folder`: one folder each, and by SHA-256 the parts that states share. */
export function openEpochArchive(folder: string): EpochArchive {
  const parts = join(folder, 'parts');
  const folderOf = (epoch: number): string => join(folder, String(epoch).padStart(8, '0'));
  const find = async (epoch: number, name: string): Promise<Uint8Array | undefined> =>
    readFile(join(folderOf(epoch), name)).catch(() => undefined);

  const findState = async (epoch: number): Promise<EpochState | undefined> => {
    const bytes = await find(epoch, STATE);
    if (!bytes) return undefined;
    const decoded = decodeState(bytes, (digest) => readPart(join(parts, bytesToHex(digest))));
    return decoded.ok ? decoded.state : undefined;
  };

  return {
    async latestEpoch() {
      const names = await readdir(folder).catch(() => []);
      return Math.max(-1, ...names.filter((name) => /^\d{8,}$/.test(name)).map(Number));
    },
    findState,
    async findOwnerTotals(epoch) {
      const bytes = await find(epoch, OWNERS);
      // Archives of earlier versions have them in the state alone, which is much more to read.
      return bytes === undefined ? (await findState(epoch))?.owners : decodeOwnerTotals(bytes);
    },
    findSummary: (epoch) => find(epoch, SUMMARY),
    findVerdictLeaves: (epoch) => find(epoch, VERDICT_LEAVES),
    async write(result) {
      const { epoch } = result.summary;
      const encoded = encodeState(result.state);
      await writeParts(parts, encoded);
      const temporary = `${folderOf(epoch)}.new`;
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      await writeSynced(join(temporary, STATE), encoded.bytes);
      await writeSynced(join(temporary, SUMMARY), Buffer.from(result.summaryJson));
      await writeSynced(join(temporary, VERDICT_LEAVES), verdictLeavesOf(result));
      await writeSynced(join(temporary, OWNERS), encodeOwnerTotals(result.owners));
      await rm(folderOf(epoch), { recursive: true, force: true });
      await rename(temporary, folderOf(epoch));
      await syncFolder(folder);
    },
  };
}

async function writeParts(folder: string, { parts }: EncodedState): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { digest, bytes } of parts) {
    const path = join(folder, bytesToHex(digest));
    const known = await stat(path).catch(() => undefined);
    if (known?.size !== bytes.length) await writeSynced(path, bytes);
  }
}

function readPart(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, bytes, { flush: true });
  await rename(temporary, path);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
