import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** The sender has a hash chain whose links open its rounds or indices. */
export function checkChainAnchor(context: TransmissionInputs): CheckResult {
  return holds('chain_anchor', 'no_chain_anchor', context.radio !== undefined && context.chain !== undefined);
}
