import { roundAt, slotAt } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, equalTo } from '../check-result.ts';
import type { OpenedTransmission } from './transmission-inputs.ts';

/** A beacon is sent in the slot its secret gives; a survey transmission in the round whose entropy it used. */
export function checkSlot(context: OpenedTransmission): CheckResult {
  const { report, timing } = context;
  const name = { check: 'slot', reason: 'slot_mismatch' } as const;
  if (report.kind === 'beacon') {
    return equalTo({ ...name, observed: slotAt(timing, report.sentAtMs), unit: 'slot' }, context.slot);
  }
  return equalTo({ ...name, observed: roundAt(timing, report.sentAtMs), unit: 'round' }, report.round);
}
