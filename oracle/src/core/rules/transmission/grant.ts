import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** A survey device counts only while a validator's grant for it is in force. */
export function checkGrant(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'survey') return undefined;
  return holds('grant', 'no_grant', context.granted);
}
