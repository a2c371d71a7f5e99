import { type CheckResult, holds } from '../check-result.ts';
import type { PairedLink } from './link-inputs.ts';

/** A witness says one thing about one commitment: reports that differ are all void. */
export function checkOneReport(context: PairedLink): CheckResult {
  return holds('one_report', 'conflicting_reports', !context.conflicting);
}
