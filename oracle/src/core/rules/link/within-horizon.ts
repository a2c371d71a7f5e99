import { radioHorizonM } from '../../geometry/horizon.ts';
import { atMost, type CheckResult } from '../check-result.ts';
import { horizonHeightM, type RadioLink } from './link-inputs.ts';

/** The nearest the two antennas can be is within the radio horizon of their heights. */
export function checkWithinHorizon(context: RadioLink): CheckResult {
  const { assertion, distance, ruleSet, transmission } = context;
  const observed = {
    check: 'within_horizon',
    reason: 'beyond_horizon',
    observed: distance.nearestM,
    unit: 'm',
  } as const;
  return atMost(observed, radioHorizonM(transmission.facts.horizonHeightM, horizonHeightM(assertion), ruleSet));
}
