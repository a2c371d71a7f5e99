import { cellToChildren, cellToLatLng, getResolution } from 'h3-js';
import { movedClaim } from '../attacks/moved-claim.ts';
import { SextantNetwork } from '../sextant/sextant-network.ts';
import type { Hotspot } from '../worlds/radio.ts';
import type { Site } from '../worlds/site.ts';
import { AntennaLikelihood, knownSurroundings } from './antenna-likelihood.ts';
import { ratioOfUntold } from './ideal-judge.ts';
import { LearnedLaw } from './learned-law.ts';
import { type PlayedAttack, playSeed, type SeedOptions } from './run-seed.ts';
import { toldShare } from './told-share.ts';

/** Who judges: one who knows all but the shadows, one who has to learn law and walls from the same losses, and this network. */
export const CURVE_JUDGES = ['ideal', 'learner', 'network'] as const;
export type CurveJudge = (typeof CURVE_JUDGES)[number];

/** One claim, and how much each judge has against it, in nats. */
export interface JudgedClaim extends Readonly<Record<CurveJudge, number>> {
  readonly isLiar: boolean;
}

/** The claims of one world whose liars stand so far from where they say. */
export interface JudgedWorld {
  readonly km: number;
  readonly claims: readonly JudgedClaim[];
}

/**
 * One world, played to its end for each distance as the benchmark plays it; then all its claims, true and moved, are judged by all on the same day: by
 * this network's likelihood gap, and by the likelihood ratio of judges who know the true places of all the others and every loss without error, and that a
 * true claim is somewhere in its cell. Honest ones in reach only, as where harm is counted, and none on a mountain.
 */
export function* judgeWorld(
  kms: readonly number[],
  options: Omit<SeedOptions, 'attacks' | 'shares'> & { readonly attackerShare: number },
): Generator<JudgedWorld> {
  const { attackerShare, ...rest } = options;
  const distances = new Map(kms.map((km) => [movedClaim(km).name, km]));
  const played = playSeed({ ...rest, attacks: kms.map(movedClaim), shares: [attackerShare] }, () => [
    new SextantNetwork(),
  ]);
  for (const one of played) yield { km: distances.get(one.attack) as number, claims: judgedClaims(one) };
}

function judgedClaims({ hotspots, inReach, runs, world }: PlayedAttack): JudgedClaim[] {
  const run = runs.map((one) => one.run).find((one) => one instanceof SextantNetwork);
  if (!run?.judgement) throw new RangeError('no network has judged anything');
  const gaps = new Map(run.judgement.locations.map(({ radio, gapMicronats }) => [run.ids[radio], gapMicronats]));
  const alive = hotspots.filter(({ antenna, untilEpoch }) => {
    return untilEpoch === Number.POSITIVE_INFINITY && antenna.setting !== 'mountain';
  });
  const honest = alive.filter(({ attacker }) => !attacker).map(({ antenna }) => antenna);
  const learned = new LearnedLaw(honest, world.pathLoss);
  return alive
    .filter(({ attacker, id }) => attacker || inReach.has(id))
    .map(({ antenna, attacker, claim, id }) => {
      const others = honest.filter((one) => one !== antenna);
      const inside = insideOf(claim, world.site);
      return {
        isLiar: attacker,
        ideal: ratioOfUntold(new AntennaLikelihood(knownSurroundings(world, others), antenna), inside),
        learner: ratioOfUntold(new AntennaLikelihood(learned.around(antenna), antenna), inside),
        network: (gaps.get(id) ?? 0) / 1_000_000,
      };
    });
}

/** Where a true claim may be: the centres of its cell's seven parts. */
function insideOf({ cell }: Hotspot['claim'], { projection }: Site) {
  const name = cell.toString(16);
  return cellToChildren(name, getResolution(name) + 1).map((part) => {
    const [latitude, longitude] = cellToLatLng(part);
    return projection.toPlace({ latitude, longitude });
  });
}

/** The part of liars one judge tells if it may reject so many of the true claims. */
export function toldAt(claims: readonly JudgedClaim[], judge: CurveJudge, falseRejected: number): number {
  const of = (liars: boolean): number[] => claims.filter(({ isLiar }) => isLiar === liars).map((one) => one[judge]);
  return toldShare(of(false), of(true), falseRejected);
}
