import { type Report, reportId, type Verdict } from '@sextant/firmware-bridge/protocol';
import type { EpochResult, EpochState, RewardClass } from '@sextant/oracle/core';
import type { Member, World } from './world.ts';

export type Result = EpochResult<EpochState>;

/** The verdicts of all epochs on one report: by the law, exactly one. */
export function verdictsOn(world: World, results: readonly Result[], from: Member, report: Report): Verdict[] {
  const id = Buffer.from(reportId(world.networkId, from.key, report));
  return results.flatMap(({ verdicts }) => [...verdicts].filter((verdict) => id.equals(verdict.reportId)));
}

/** `outcome` or `outcome/reason` of a report that has exactly one verdict; says so when it has not. */
export function outcomeOf(world: World, results: readonly Result[], from: Member, report: Report): string {
  const found = verdictsOn(world, results, from, report);
  const [verdict] = found;
  if (!verdict || found.length > 1) return `${found.length} verdicts`;
  return verdict.reason === 'none' ? verdict.outcome : `${verdict.outcome}/${verdict.reason}`;
}

/** What a key gets in an epoch, of one class or of all. */
export function paidTo({ rewards }: Result, member: Member, ...classes: RewardClass[]): bigint {
  return rewards
    .filter(
      ({ key, rewardClass }) =>
        Buffer.from(key).equals(member.key) && (classes.length === 0 || classes.includes(rewardClass)),
    )
    .reduce((sum, { amount }) => sum + amount, 0n);
}
