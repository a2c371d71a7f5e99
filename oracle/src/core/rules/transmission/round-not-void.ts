import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** The round has a certificate that stands before the mark of the last slot before it. */
export function checkRoundNotVoid(context: TransmissionInputs): CheckResult {
  return holds('round_certificate', 'round_void', context.entropy !== undefined);
}
