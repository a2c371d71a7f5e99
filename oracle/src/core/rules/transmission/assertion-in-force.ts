import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** A beaconing hotspot has an assertion in force in the beacon's round, never one read "now". */
export function checkSenderAssertion(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'beacon') return undefined;
  return holds('assertion_in_force', 'no_assertion_in_force', context.radio !== undefined);
}
