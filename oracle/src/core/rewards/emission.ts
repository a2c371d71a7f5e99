import type { Timing } from '@sextant/firmware-bridge/protocol';
import type { RuleSet } from '../ruleset/rule-set.ts';

const DAY_MS = 86_400_000;

/**
 * Base units one epoch may pay: the day's emission, halved once for every full halving period that lies before the
 * epoch's start, pro rata of the epoch's length. Rounded down twice, so that a day of short epochs never pays more.
 */
export function emissionOfEpoch(
  rewards: Pick<RuleSet['rewards'], 'emissionPerDay' | 'halvingDays'>,
  timing: Pick<Timing, 'epochMs'>,
  epoch: number,
): bigint {
  const age = BigInt(epoch) * BigInt(timing.epochMs);
  const halvings = age / BigInt(rewards.halvingDays * DAY_MS);
  return ((rewards.emissionPerDay >> halvings) * BigInt(timing.epochMs)) / BigInt(DAY_MS);
}

/** How many epochs make up `days`, the last one counted whole. */
export function epochsOfDays(timing: Pick<Timing, 'epochMs'>, days: number): number {
  return Math.ceil((days * DAY_MS) / timing.epochMs);
}
