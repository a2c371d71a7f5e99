import { type CheckResult, holds } from '../check-result.ts';
import type { Recorded } from '../context.ts';

/** The reporter's key is known in the report's round: by deposit, or by an invitation a validator signed. */
export function checkKnownKey(context: Recorded): CheckResult {
  return holds('known_key', 'unknown_key', context.participant !== undefined);
}
