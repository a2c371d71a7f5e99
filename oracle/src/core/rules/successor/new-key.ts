import { type CheckResult, holds } from '../check-result.ts';
import type { SuccessorInputs } from './successor-inputs.ts';

/** The new key is sound, new to the network, and has signed that it takes the history. */
export function checkNewKey(context: SuccessorInputs): CheckResult {
  const { fault, newKeyKnown } = context;
  const sound = fault !== 'key_not_allowed' && fault !== 'new_key_signature';
  return holds('new_key', 'key_not_allowed', sound && !newKeyKnown);
}
