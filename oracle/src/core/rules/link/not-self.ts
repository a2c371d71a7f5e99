import { equalBytes } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds } from '../check-result.ts';
import type { PairedLink } from './link-inputs.ts';

/** Nobody is a witness of itself. */
export function checkNotSelf(context: PairedLink): CheckResult {
  return holds('not_self', 'self_witness', !equalBytes(context.reporter, context.transmission.facts.sender));
}
