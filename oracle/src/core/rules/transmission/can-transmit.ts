import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** The sender has said that it can transmit, and its plan allows at least one of its power levels. */
export function checkCanTransmit(context: TransmissionInputs): CheckResult {
  return holds('can_transmit', 'cannot_transmit', context.canTransmit && context.choices !== undefined);
}
