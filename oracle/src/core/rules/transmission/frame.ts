import { encodeBeaconFrame, equalBytes } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds } from '../check-result.ts';
import type { OpenedTransmission } from './transmission-inputs.ts';

/** The frame on the air is the one the secret gives. */
export function checkFrame(context: OpenedTransmission): CheckResult {
  const equal = equalBytes(context.report.phyPayload, encodeBeaconFrame(context.secret));
  return holds('frame', 'frame_mismatch', equal);
}
