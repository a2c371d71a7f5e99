import type { CutLog, LogEntry } from '@sextant/oracle/core';
import type { WrittenLog } from './write-log.ts';

/** A recorded log as text: one entry a line in base64, and for each epoch how many entries its cut has. */
export interface RecordedLog {
  readonly origin: string;
  readonly cuts: readonly { readonly size: number; readonly root: string }[];
  readonly entries: readonly string[];
}

export function recordLog(log: WrittenLog): RecordedLog {
  return {
    origin: log.origin,
    cuts: log.cuts.map(({ size, root }) => ({ size, root: Buffer.from(root).toString('hex') })),
    entries: log.epochs.flat().map(({ entry }) => Buffer.from(entry).toString('base64')),
  };
}

export function readRecordedLog({ origin, cuts, entries }: RecordedLog): WrittenLog {
  const all = entries.map(
    (text, index): LogEntry => ({ position: { origin, index }, entry: new Uint8Array(Buffer.from(text, 'base64')) }),
  );
  return {
    origin,
    epochs: cuts.map(({ size }, i) => all.slice(cuts[i - 1]?.size ?? 0, size)),
    cuts: cuts.map(({ size, root }): CutLog => ({ origin, size, root: new Uint8Array(Buffer.from(root, 'hex')) })),
  };
}
