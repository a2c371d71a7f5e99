import { type CheckResult, holds } from '../check-result.ts';
import type { LinkInputs } from './link-inputs.ts';

/** Somebody has revealed a transmission with the tag the witness heard. */
export function checkKnownBeacon(context: LinkInputs): CheckResult {
  return holds('known_beacon', 'no_such_beacon', context.transmission !== undefined);
}
