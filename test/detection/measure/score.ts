import type { Hotspot } from '../worlds/radio.ts';
import type { EpochPay } from './network-run.ts';

/** What a rule set made of one attack in one world. */
export interface Score {
  /** Share of attackers who at last earn less than a tenth of what an honest hotspot does. */
  readonly caught: number;
  /** Share of honest hotspots in reach that at last are accused, or paid less than a tenth of their work. */
  readonly honestHarmed: number;
  /** Of the worth of the work of honest hotspots in reach, what judging them cost them. */
  readonly honestRewardLost: number;
  /** Attackers' part of all that is paid to hotspots. */
  readonly rewardCaptured: number;
  /** The same two of honest hotspots with fewer than four trusted witnesses in reach. */
  readonly outOfReachHarmed: number;
  readonly outOfReachLost: number;
}

interface Run {
  /** One an epoch of the attack. */
  readonly epochs: readonly EpochPay[];
  readonly hotspots: readonly Hotspot[];
  readonly inReach: ReadonlySet<number>;
}

const NOTHING = 0.1;
/** The last third is where verdicts have settled. */
const SETTLED = 2 / 3;

export function score({ epochs, hotspots, inReach }: Run): Score {
  const late = epochs.slice(Math.floor(epochs.length * SETTLED));
  const alive = hotspots.filter(({ untilEpoch }) => untilEpoch === Number.POSITIVE_INFINITY);
  const attackers = hotspots.filter(({ attacker }) => attacker);
  const honest = alive.filter(({ attacker }) => !attacker);
  const paidOf = (ids: readonly Hotspot[], of: readonly EpochPay[]): number => sum(ids, of, 'paid');
  const usual = paidOf(honest, late) / honest.length;
  const accused = new Set(late.flatMap((epoch) => [...epoch.accused]));
  const isHarmed = (one: Hotspot): boolean => {
    const possible = sum([one], late, 'possible');
    return accused.has(one.id) || (possible > 0 && sum([one], late, 'earned') < NOTHING * possible);
  };
  const isIn = ({ id }: Hotspot): boolean => inReach.has(id);
  const [reached, beyond] = [honest.filter(isIn), honest.filter((one) => !isIn(one))];
  const everybody = hotspots.filter(({ attacker }) => !attacker);
  const captured = paidOf(attackers, epochs);
  return {
    caught: share(attackers, (one) => paidOf([one], late) < NOTHING * usual),
    honestHarmed: share(reached, isHarmed),
    honestRewardLost: lost(everybody.filter(isIn), epochs),
    rewardCaptured: captured === 0 ? 0 : captured / (captured + paidOf(everybody, epochs)),
    outOfReachHarmed: share(beyond, isHarmed),
    outOfReachLost: lost(
      everybody.filter((one) => !isIn(one)),
      epochs,
    ),
  };
}

function sum(hotspots: readonly Hotspot[], epochs: readonly EpochPay[], what: 'paid' | 'earned' | 'possible'): number {
  let total = 0;
  for (const epoch of epochs) for (const { id } of hotspots) total += epoch[what].get(id) ?? 0;
  return total;
}

function lost(hotspots: readonly Hotspot[], epochs: readonly EpochPay[]): number {
  const possible = sum(hotspots, epochs, 'possible');
  return possible === 0 ? 0 : 1 - sum(hotspots, epochs, 'earned') / possible;
}

function share<T>(items: readonly T[], has: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(has).length / items.length;
}
