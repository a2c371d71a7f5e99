import { type CheckResult, holds } from '../check-result.ts';
import type { LinkInputs } from './link-inputs.ts';

/** The witness has an assertion in force in the transmission's round, never one read "now". */
export function checkWitnessAssertion(context: LinkInputs): CheckResult {
  return holds('assertion_in_force', 'no_assertion_in_force', context.assertion !== undefined);
}
