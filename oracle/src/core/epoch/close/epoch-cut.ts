import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { EpochState } from '../state/epoch-state.ts';

/** What of each log belongs to the closed epochs. */
export interface EpochCut {
  /** Which proposal of a cut for this epoch it is, from 0. */
  readonly attempt: number;
  readonly logs: readonly CutLog[];
}

export interface CutLog {
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** RFC 6962 root at that size, 32 bytes. */
  readonly root: Uint8Array;
}

/** Throws RangeError unless the entries added are exactly those of the cut that the state does not contain yet. */
export function checkCut(state: EpochState, facts: EpochFacts, cut: EpochCut): void {
  const sizes = new Map(facts.logs.logs().map(({ origin, nextIndex }) => [origin, nextIndex]));
  for (const { origin, size, root } of cut.logs) {
    const read = sizes.get(origin) ?? 0;
    if (read !== size) throw new RangeError(`the cut has ${size} entries of ${origin}, ${read} were added`);
    if (root.length !== 32) throw new RangeError(`the cut of ${origin} has no root: ${bytesToHex(root)}`);
    sizes.delete(origin);
  }
  for (const [origin, read] of sizes) throw new RangeError(`the cut leaves out ${origin}, of which ${read} were added`);
  for (const { origin } of state.logs) {
    if (!cut.logs.some((log) => log.origin === origin)) throw new RangeError(`the cut leaves out ${origin}`);
  }
}

/** As it stands in the summary: by origin. */
export function cutJson(cut: EpochCut): { origin: string; size: number; root: string }[] {
  return [...cut.logs]
    .sort((a, b) => (a.origin < b.origin ? -1 : 1))
    .map(({ origin, size, root }) => ({ origin, size, root: bytesToHex(root) }));
}
