import { type CheckResult, holds } from '../check-result.ts';
import type { AppealInputs } from './appeal-inputs.ts';

/** Validators have not ruled on it yet. */
export function checkNotReviewed(context: AppealInputs): CheckResult {
  return holds('not_reviewed', 'already_reviewed', context.standing !== 'already_reviewed');
}
