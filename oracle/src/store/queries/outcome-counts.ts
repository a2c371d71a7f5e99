import type { Outcome } from '@sextant/firmware-bridge/protocol';
import { outcomeCode } from '../schema/codes.ts';

/** Verdicts by outcome. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export const NO_OUTCOMES: OutcomeCounts = { valid: 0, invalid: 0, insufficient: 0 };

/** Adds up rows of (outcome, count). */
export function sumOutcomes(rows: Iterable<{ readonly outcome: number; readonly count: bigint }>): OutcomeCounts {
  const counts = { ...NO_OUTCOMES };
  for (const { outcome, count } of rows) counts[outcomeCode.name(outcome)] += Number(count);
  return counts;
}
