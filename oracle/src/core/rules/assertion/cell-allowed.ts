import { findCellResolution } from '../../geometry/cell.ts';
import { type CheckResult, within } from '../check-result.ts';
import type { AssertionContext } from '../context.ts';

/** A place is an H3 cell of a resolution the owner may choose. */
export function checkCellAllowed(context: AssertionContext): CheckResult | undefined {
  const { report, ruleSet } = context;
  if (report.kind !== 'location_assertion') return undefined;
  const { cellResolutions } = ruleSet.assertion;
  const observed = {
    check: 'cell_allowed',
    reason: 'cell_not_allowed',
    observed: findCellResolution(report.cell) ?? -1,
    unit: 'count',
  } as const;
  return within(observed, Math.min(...cellResolutions), Math.max(...cellResolutions));
}
