import { epochOfRound } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, equalTo } from '../check-result.ts';
import type { Recorded } from '../context.ts';

/** A report counts only in the cut of its round's epoch: what comes in a later cut is recorded and not paid. */
export function checkInsideEpoch(context: Recorded & { readonly round: number }): CheckResult {
  const { timing, cutEpoch, round } = context;
  const observed = { check: 'inside_epoch', reason: 'outside_epoch', observed: cutEpoch, unit: 'epoch' } as const;
  return equalTo(observed, epochOfRound(timing, round));
}
