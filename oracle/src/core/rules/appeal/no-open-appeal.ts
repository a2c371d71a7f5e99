import { type CheckResult, holds } from '../check-result.ts';
import type { AppealInputs } from './appeal-inputs.ts';

/** No appeal against it is being reviewed. */
export function checkNoOpenAppeal(context: AppealInputs): CheckResult {
  return holds('no_open_appeal', 'appeal_open', context.standing !== 'appeal_open');
}
