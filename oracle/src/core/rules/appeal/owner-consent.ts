import { type CheckResult, holds } from '../check-result.ts';
import type { AppealInputs } from './appeal-inputs.ts';

/** The owner has signed (EIP-712) this appeal. */
export function checkOwnerConsent(context: AppealInputs): CheckResult {
  return holds('owner_signature', 'owner_signature', context.ownerSigned);
}
