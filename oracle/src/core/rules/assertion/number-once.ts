import { type CheckResult, holds } from '../check-result.ts';
import type { AssertionInputs } from './assertion-inputs.ts';

/** Assertions of a key are numbered: two with one number and different contents are both void. */
export function checkNumberOnce(context: AssertionInputs): CheckResult {
  return holds('number_once', 'number_conflict', !context.numberConflict);
}
