import { type CheckResult, holds } from '../check-result.ts';
import type { Recorded } from '../context.ts';

/** (hotspot, incarnation, sequence) names one batch: the same name with two contents makes both void. */
export function checkBatchName(context: Recorded): CheckResult {
  return holds('batch_name', 'batch_name_conflict', !context.batchNameConflict);
}
