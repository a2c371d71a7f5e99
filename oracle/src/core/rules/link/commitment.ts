import { equalBytes, witnessCommitment } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds } from '../check-result.ts';
import type { PairedLink } from './link-inputs.ts';

/** The commitment is made of the transmission's nonce, which only its radio told, and the witness's own key. */
export function checkCommitment(context: PairedLink): CheckResult {
  const { report, reporter, transmission } = context;
  const equal = equalBytes(report.commitment, witnessCommitment(transmission.facts.nonce, reporter));
  return holds('commitment', 'commitment_mismatch', equal);
}
