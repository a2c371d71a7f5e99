import type { Check, CheckUnit, Reason } from '@sextant/firmware-bridge/protocol';

export type RefusalReason = Exclude<Reason, 'none'>;

/** What one check says: the comparison, with its numbers also when it passes, and the reason if it refuses. */
export interface CheckResult {
  readonly check: Check;
  readonly refusal?: RefusalReason;
}

/** One check. Undefined = it does not concern this context. */
export type RuleCheck<Context> = (context: Context) => CheckResult | undefined;

interface Comparison {
  /** Name as in rules.md; stable. */
  readonly check: string;
  readonly reason: RefusalReason;
  readonly observed: number;
  readonly unit: CheckUnit;
}

/** Refuses when `observed` is above `limit`. */
export function atMost(comparison: Comparison, limit: number): CheckResult {
  return result(comparison, limit, limit - comparison.observed);
}

/** Refuses when `observed` is below `limit`. */
export function atLeast(comparison: Comparison, limit: number): CheckResult {
  return result(comparison, limit, comparison.observed - limit);
}

/** Refuses unless `observed` is `expected`; the margin is minus the difference. */
export function equalTo(comparison: Comparison, expected: number): CheckResult {
  return result(comparison, expected, 0 - Math.abs(comparison.observed - expected));
}

/** Refuses outside `least … most`; the limit shown is the nearer one. */
export function within(comparison: Comparison, least: number, most: number): CheckResult {
  const below = atLeast(comparison, least);
  const above = atMost(comparison, most);
  return (below.check.margin ?? 0) < (above.check.margin ?? 0) ? below : above;
}

/** For what has no numbers: a key is known, a hash is equal. */
export function holds(check: string, reason: RefusalReason, condition: boolean): CheckResult {
  const plain: Check = { check, unit: 'count' };
  return condition ? { check: plain } : { check: plain, refusal: reason };
}

function result(comparison: Comparison, limit: number, margin: number): CheckResult {
  const { check, reason, observed, unit } = comparison;
  const numbers: Check = { check, observed, limit, margin: margin === 0 ? 0 : margin, unit };
  return margin < 0 ? { check: numbers, refusal: reason } : { check: numbers };
}

/** Runs checks in order up to the first that refuses, and adds each comparison made to `made`. */
export function firstRefusal<Context>(
  checks: readonly RuleCheck<Context>[],
  context: Context,
  made: Check[],
): RefusalReason | undefined {
  for (const check of checks) {
    const outcome = check(context);
    if (!outcome) continue;
    made.push(outcome.check);
    if (outcome.refusal !== undefined) return outcome.refusal;
  }
  return undefined;
}
