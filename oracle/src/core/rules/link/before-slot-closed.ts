import { atMost, type CheckResult } from '../check-result.ts';
import type { PairedLink } from './link-inputs.ts';

/** The witness report stands before the mark of the transmission's slot, so before anybody can have read the reveal. */
export function checkBeforeSlotClosed(context: PairedLink): CheckResult {
  const observed = {
    check: 'before_slot_closed',
    reason: 'after_slot_closed',
    observed: context.lastClosedSlot,
    unit: 'slot',
  } as const;
  return atMost(observed, context.transmission.facts.slot - 1);
}
