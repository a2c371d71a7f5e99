import { type CheckResult, holds } from '../check-result.ts';
import type { SuccessorInputs } from './successor-inputs.ts';

/** The owner of the old key has signed (EIP-712) that its history passes to the new one. */
export function checkOwnerSignature(context: SuccessorInputs): CheckResult {
  return holds('owner_signature', 'owner_signature', context.fault !== 'owner_signature');
}
