import { atLeast, type CheckResult } from '../check-result.ts';
import type { OpenedTransmission } from './transmission-inputs.ts';

/** The reveal stands after its slot's mark: before it, anybody could have read the nonce and invented a reception. */
export function checkRevealedLateEnough(context: OpenedTransmission): CheckResult {
  const observed = {
    check: 'revealed_late_enough',
    reason: 'revealed_before_slot_closed',
    observed: context.lastClosedSlot,
    unit: 'slot',
  } as const;
  return atLeast(observed, context.slot);
}
