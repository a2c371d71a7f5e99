import { type Estimate, estimate } from './interval.ts';
import type { RuleSetName } from './network-run.ts';
import type { WorldScore } from './run-seed.ts';
import type { Score } from './score.ts';

const MEASURES = [
  'caught',
  'honestHarmed',
  'honestRewardLost',
  'rewardCaptured',
  'outOfReachHarmed',
  'outOfReachLost',
] as const satisfies readonly (keyof Score)[];
type Measure = (typeof MEASURES)[number];

/** One attack at one share under one rule set: means over the seeds, and where each lies with 95 %. */
export type WorldSummary = Readonly<Record<Measure, number>> & {
  readonly attack: string;
  readonly attackerShare: number;
  readonly ruleSet: RuleSetName;
  readonly seeds: number;
  readonly ci: Readonly<Record<Measure, readonly [number, number]>>;
};

/** In the order the scores came in. */
export function summarise(scores: readonly WorldScore[]): readonly WorldSummary[] {
  const groups = new Map<string, WorldScore[]>();
  for (const one of scores) {
    const name = `${one.attack}/${one.attackerShare}/${one.ruleSet}`;
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return [...groups.values()].map((group): WorldSummary => {
    const { attack, attackerShare, ruleSet } = group[0] as WorldScore;
    const estimates = byMeasure((measure) => estimate(group.map((one) => one[measure])));
    return {
      attack,
      attackerShare,
      ruleSet,
      seeds: group.length,
      ...byMeasure((measure) => estimates[measure].mean),
      ci: byMeasure((measure): readonly [number, number] => clipped(estimates[measure])),
    };
  });
}

function byMeasure<T>(valueOf: (measure: Measure) => T): Record<Measure, T> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, valueOf(measure)])) as Record<Measure, T>;
}

/** Shares are between 0 and 1; what is lost may come out a little below 0. */
function clipped({ low, high }: Estimate): readonly [number, number] {
  return [Math.max(-1, low), Math.min(1, high)];
}
