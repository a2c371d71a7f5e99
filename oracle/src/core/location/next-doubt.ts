import { bytesToHex, compareBytes } from '@sextant/firmware-bridge/protocol';
import type { Doubt, Standing } from './evidence.ts';

type Known = Pick<Standing, 'doubt' | 'location'>;

/** The place was valid by its last verdict, or when the doubt about it began. */
export function wasProven({ doubt, location }: Known): boolean {
  return doubt ? doubt.ofProven : location === 'valid';
}

/**
 * A doubt after an epoch with enough evidence. It counts the epochs in which an independent witness speaks that was not
 * there in any epoch counted before: the same shadows speak anew every epoch, and mean nothing more. It is gone as soon
 * as the evidence is.
 */
export function nextDoubt(before: Known, isDoubted: boolean, witnesses: readonly Uint8Array[]): Doubt | undefined {
  if (!isDoubted) return undefined;
  const known = new Map((before.doubt?.witnesses ?? []).map((key) => [bytesToHex(key), key]));
  const fresh = witnesses.filter((key) => !known.has(bytesToHex(key)));
  if (before.doubt && fresh.length === 0) return before.doubt;
  for (const key of fresh) known.set(bytesToHex(key), key);
  return {
    ofProven: wasProven(before),
    epochs: (before.doubt?.epochs ?? 0) + 1,
    witnesses: [...known.values()].sort(compareBytes),
  };
}
