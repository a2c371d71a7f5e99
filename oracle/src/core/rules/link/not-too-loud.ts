import { freeSpaceLossDdb } from '../../physics/free-space-loss.ts';
import { atMost, type CheckResult } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/** The signal is no stronger than free space allows over the shortest distance the two cells permit, and an allowance. */
export function checkNotTooLoud(context: RadioLink): CheckResult {
  const { assertion, distance, espDdbm, ruleSet, transmission } = context;
  const { eirpCeilingDdbm, frequencyHz } = transmission.facts;
  const lossDdb = freeSpaceLossDdb(distance.nearestM, frequencyHz);
  const observed = { check: 'not_too_loud', reason: 'too_loud', observed: espDdbm, unit: 'ddBm' } as const;
  return atMost(observed, eirpCeilingDdbm + assertion.antennaGainDdbi - lossDdb + ruleSet.link.loudAllowanceDdb);
}
