import { type CheckResult, within } from '../check-result.ts';
import type { AssertionInputs } from './assertion-inputs.ts';

/** A place is an H3 cell of a resolution the owner may choose. */
export function checkCellAllowed(context: AssertionInputs): CheckResult | undefined {
  if (context.report.kind !== 'location_assertion') return undefined;
  const { cellResolutions } = context.ruleSet.assertion;
  const observed = {
    check: 'cell_allowed',
    reason: 'cell_not_allowed',
    observed: context.place?.resolution ?? -1,
    unit: 'count',
  } as const;
  return within(observed, Math.min(...cellResolutions), Math.max(...cellResolutions));
}
