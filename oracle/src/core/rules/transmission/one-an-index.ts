import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** A survey device spends one link a transmission: two different reveals of one index make both void. */
export function checkOneAnIndex(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'survey') return undefined;
  return holds('one_an_index', 'index_reused', !context.duplicate);
}
