import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** One beacon per hotspot and round: two different reveals make both void. */
export function checkOneARound(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'beacon') return undefined;
  return holds('one_a_round', 'duplicate_beacon', !context.duplicate);
}
