import { formatTable } from '../../network/progress/table.ts';
import type { WorldSummary } from './summary.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const within = ([low, high]: readonly [number, number]): string =>
  `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`;

const HEAD = [
  'attack',
  'rules',
  'captured',
  '95 %',
  'caught',
  'harmed',
  '95 %',
  'lost',
  '95 %',
  'out of reach: harmed',
  'lost',
];

/** A person's view of the results at each share of attackers. */
export function worldsTable(summaries: readonly WorldSummary[]): readonly string[] {
  const shares = [...new Set(summaries.map(({ attackerShare }) => attackerShare))];
  return shares.flatMap((share) => {
    const rows = summaries
      .filter(({ attackerShare }) => attackerShare === share)
      .map((one) => [
        one.attack,
        one.ruleSet,
        percent(one.rewardCaptured),
        within(one.ci.rewardCaptured),
        percent(one.caught),
        percent(one.honestHarmed),
        within(one.ci.honestHarmed),
        percent(one.honestRewardLost),
        within(one.ci.honestRewardLost),
        percent(one.outOfReachHarmed),
        percent(one.outOfReachLost),
      ]);
    const right = HEAD.map((_, i) => i).filter((i) => i > 1);
    return ['', `Attackers: ${percent(share)} of all hotspots`, ...formatTable([HEAD, ...rows], right)];
  });
}
