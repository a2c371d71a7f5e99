import { CHAIN_LENGTH, linkLeadsTo } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds, within } from '../check-result.ts';
import type { KnownChain } from '../context.ts';
import { ordinalOf, type TransmissionInputs } from './transmission-inputs.ts';

/** The chain's link for this round or index exists, and is not so far ahead that checking it is an attack. */
export function checkChainPosition(context: TransmissionInputs): CheckResult | undefined {
  const { chain, ruleSet, report } = context;
  if (chain === undefined) return undefined;
  const gap = report.kind === 'survey' ? ruleSet.survey.maxIndexGap : CHAIN_LENGTH;
  const position = positionOf(chain, context);
  const observed = {
    check: 'chain_position',
    reason: 'chain_link_mismatch',
    observed: position,
    unit: 'count',
  } as const;
  return within(observed, 1, Math.min(CHAIN_LENGTH, chain.known.position + gap));
}

/** The revealed link hashes forward to the known one. */
export function checkChainLink(context: TransmissionInputs): CheckResult | undefined {
  const { chain } = context;
  if (chain === undefined) return undefined;
  return holds('chain_link', 'chain_link_mismatch', opens(chain, context));
}

function opens(chain: KnownChain, context: TransmissionInputs): boolean {
  const { position, link } = chain.known;
  const revealed = context.report.chainLink;
  const steps = positionOf(chain, context) - position;
  return steps >= 0 ? linkLeadsTo(revealed, steps, link) : linkLeadsTo(link, -steps, revealed);
}

function positionOf(chain: KnownChain, context: TransmissionInputs): number {
  return ordinalOf(context.report) - chain.first + 1;
}
