import { type CheckResult, holds } from '../check-result.ts';
import type { AppealInputs } from './appeal-inputs.ts';

/** What is appealed stands against the key, on the evidence of the epoch the appeal names or at most seven later. */
export function checkStandingAccusation(context: AppealInputs): CheckResult {
  return holds('standing_accusation', 'no_such_accusation', context.standing !== 'no_such_accusation');
}
