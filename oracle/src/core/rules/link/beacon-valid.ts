import { type CheckResult, holds } from '../check-result.ts';
import type { PairedLink } from './link-inputs.ts';

/** The transmission itself is valid. If not, its witnesses are not to blame, and not paid. */
export function checkBeaconValid(context: PairedLink): CheckResult {
  return holds('beacon_valid', 'beacon_not_valid', context.transmission.verdict.outcome === 'valid');
}
