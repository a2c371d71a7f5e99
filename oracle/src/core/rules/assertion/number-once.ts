import { type CheckResult, holds } from '../check-result.ts';
import type { AssertionContext } from '../context.ts';

/** Assertions of a key are numbered: two with one number and different contents are both void. */
export function checkNumberOnce(context: AssertionContext): CheckResult {
  return holds('number_once', 'number_conflict', !context.numberConflict);
}
