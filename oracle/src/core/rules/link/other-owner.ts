import { equalBytes } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds } from '../check-result.ts';
import type { PairedLink } from './link-inputs.ts';

/** A witness of the same owner proves nothing. (Another owner proves little: an address is free to make.) */
export function checkOtherOwner(context: PairedLink): CheckResult {
  const { participant, transmission } = context;
  const same = participant !== undefined && equalBytes(participant.owner, transmission.facts.owner);
  return holds('other_owner', 'same_owner', !same);
}
