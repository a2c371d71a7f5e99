import { BEACON_BANDWIDTH_HZ } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, equalTo } from '../check-result.ts';
import type { OpenedTransmission } from './transmission-inputs.ts';

/** Beacons are 125 kHz wide: what every gateway's eight channels listen to. */
export function checkBeaconBandwidth(context: OpenedTransmission): CheckResult {
  const observed = {
    check: 'beacon_bandwidth',
    reason: 'bandwidth_mismatch',
    observed: context.report.bandwidthHz,
    unit: 'Hz',
  } as const;
  return equalTo(observed, BEACON_BANDWIDTH_HZ);
}
