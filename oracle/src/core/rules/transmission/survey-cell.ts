import { findCellResolution } from '../../geometry/cell.ts';
import { type CheckResult, equalTo } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** A survey transmission names the H3 cell it was sent from, at the resolution coverage is counted in. */
export function checkSurveyCell(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'survey') return undefined;
  const resolution = findCellResolution(context.report.cell) ?? -1;
  const observed = { check: 'survey_cell', reason: 'cell_not_allowed', observed: resolution, unit: 'count' } as const;
  return equalTo(observed, context.ruleSet.survey.cellResolution);
}
