import { bytesToHex, compareBytes } from '@sextant/firmware-bridge/protocol';
import type { Doubt } from './evidence.ts';

/**
 * A doubt after an epoch with enough evidence. It counts the epochs in which an independent witness speaks that was not
 * there in any epoch counted before: the same shadows speak anew every epoch, and mean nothing more. It is gone as soon
 * as the evidence is.
 */
export function nextDoubt(
  before: Doubt | undefined,
  isDoubted: boolean,
  witnesses: readonly Uint8Array[],
): Doubt | undefined {
  if (!isDoubted) return undefined;
  const known = new Map((before?.witnesses ?? []).map((key) => [bytesToHex(key), key]));
  const fresh = witnesses.filter((key) => !known.has(bytesToHex(key)));
  if (before && fresh.length === 0) return before;
  for (const key of fresh) known.set(bytesToHex(key), key);
  return { epochs: (before?.epochs ?? 0) + 1, witnesses: [...known.values()].sort(compareBytes) };
}
