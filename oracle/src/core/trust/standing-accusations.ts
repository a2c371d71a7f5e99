import { FULL_TRUST, type StandingAccusation } from '../location/evidence.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { Suspicion } from './suspicion.ts';

type Numbers = Pick<TrustNumbers, 'accusation'>;

/**
 * What stands against a radio after an epoch, by code, from what stood before and what the epoch's evidence says of it. A
 * suspicion that is not borne out again goes at once; from the third epoch that bears it out it is an accusation and
 * decays. What validators have dismissed is not raised again while it would have decayed.
 */
export function accusationsAfter(
  before: readonly StandingAccusation[],
  suspicions: readonly Pick<Suspicion, 'code' | 'checks'>[],
  epoch: number,
  numbers: Numbers,
): StandingAccusation[] {
  const byCode = new Map(before.map((accusation) => [accusation.code, accusation]));
  for (const { code, checks } of suspicions) {
    const known = byCode.get(code);
    if (known && (isDismissed(known) || known.epoch === epoch)) continue;
    byCode.set(code, { ...known, code, epoch, epochs: (known?.epochs ?? 0) + 1, checks });
  }
  return [...byCode.values()]
    .filter((accusation) => isStanding(accusation, epoch, numbers))
    .map((accusation) => withoutLapsedAppeal(accusation, epoch, numbers))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

export function isDismissed({ appeal }: StandingAccusation): boolean {
  return appeal?.ruling?.ruling === 'dismissed';
}

/** Three epochs have borne it out, and no review has dismissed it. */
export function isAccused(accusation: StandingAccusation, { accusation: { accusedAfter } }: Numbers): boolean {
  return accusation.epochs >= accusedAfter && !isDismissed(accusation);
}

/**
 * How strongly it counts in an epoch, 0 … 10,000: in full in the epochs that bear it out; afterwards an accusation falls
 * in equal steps to 0 over the decay, and a mere suspicion is gone.
 */
export function accusationStrength(accusation: StandingAccusation, epoch: number, numbers: Numbers): number {
  if (isDismissed(accusation)) return 0;
  const age = epoch - accusation.epoch;
  if (age <= 0) return FULL_TRUST;
  if (!isAccused(accusation, numbers)) return 0;
  const { decayEpochs } = numbers.accusation;
  return Math.floor((Math.max(0, decayEpochs - age) * FULL_TRUST) / decayEpochs);
}

/** What part of its pay a radio gets in an epoch, in 1/10,000: all but the strength of the strongest against it. */
export function payAfterAccusations(
  accusations: readonly StandingAccusation[],
  epoch: number,
  numbers: Numbers,
): number {
  return accusations.reduce(
    (least, accusation) => Math.min(least, FULL_TRUST - accusationStrength(accusation, epoch, numbers)),
    FULL_TRUST,
  );
}

function isStanding(accusation: StandingAccusation, epoch: number, numbers: Numbers): boolean {
  const ruling = accusation.appeal?.ruling;
  if (ruling?.ruling === 'dismissed') return epoch - ruling.epoch < numbers.accusation.decayEpochs;
  return accusationStrength(accusation, epoch, numbers) > 0;
}

/** An appeal that too few validators have reviewed in time ends, and may be made again. */
function withoutLapsedAppeal(accusation: StandingAccusation, epoch: number, numbers: Numbers): StandingAccusation {
  const { appeal, ...rest } = accusation;
  if (!appeal || appeal.ruling || epoch <= appeal.epoch + numbers.accusation.reviewEpochs) return accusation;
  return rest;
}
