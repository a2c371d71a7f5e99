import type { Reason } from '@sextant/firmware-bridge/protocol';
import type { CellCache } from '../geometry/cell-cache.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import {
  accusationStrength,
  accusationsAfter,
  computeTrust,
  findCollusion,
  isAccused,
  isDismissed,
  type Suspicion,
} from '../trust/index.ts';
import { AreaLaws } from './area-laws.ts';
import { claimsOf } from './claims.ts';
import { type NetworkEvidence, type Standing, type StandingAccusation } from './evidence.ts';
import { EvidenceIndex } from './evidence-index.ts';
import { findAstray } from './find-astray.ts';
import { fitIntercept } from './fit-intercept.ts';
import type { PairEvidence } from './gather-pairs.ts';
import { HearingCurve } from './hearing-curve.ts';
import { judgeLocation, type LocationJudgement, type LocationVerdict } from './judge-location.ts';
import { withoutLateLinks } from './late-links.ts';
import { PairBook } from './pair-book.ts';
import { PropagationModel } from './propagation-model.ts';
import type { WeighedClaim } from './weigh-claim.ts';
import { weighClaims } from './weigh-claims.ts';

export interface NetworkJudgement {
  /** Of the hotspots that have a place, by number. */
  readonly locations: readonly LocationVerdict[];
  /** One a radio, in 1/10,000. */
  readonly trust: readonly number[];
  /** What this epoch's evidence has against radios. */
  readonly suspicions: readonly Suspicion[];
  /** For the next epoch, one a radio. Grace and moves are as they were: pay decides about the one, places about the other. */
  readonly standings: readonly Standing[];
}

type Numbers = LocationNumbers & TrustNumbers;

/**
 * Judges all places of a network by one epoch's evidence: trust by what stood before, then collusion, then each place with
 * its links weighed by trust. The evidence is the whole window, and is judged anew each time: nothing is added up over
 * epochs but how often new witnesses spoke against a place.
 */
export function judgeNetwork(evidence: NetworkEvidence, numbers: Numbers, cells: CellCache): NetworkJudgement {
  const trust = computeTrust(evidence, numbers);
  const hearing = once(curves, numbers.hearing, () => new HearingCurve(numbers));
  const suspicions = findCollusion(evidence, trust, numbers, { cells, hearing });
  const links = withoutLateLinks(evidence, numbers);
  const index = new EvidenceIndex({ ...evidence, links }, trust, { cells, numbers });
  const prior = once(models, numbers.propagation, () => new PropagationModel(numbers));
  const pairs = new PairBook(index);
  const recent = recentOf(evidence, trust, { cells, numbers });
  const suspicionsOf = byRadio(suspicions);
  const claims = claimsOf(index, numbers);
  const [newest] = recent;
  const astray = newest ? findAstray({ index, pairs }, newest, numbers) : new Set<number>();
  const areas = new AreaLaws({ astray, index, pairs, hearing, tables: prior.tables, numbers });
  const weighed = weighClaims(claims, { without: astray, index, pairs, recent, hearing, areas, prior, numbers });
  const judgements = new Map(
    claims.map((claim) => {
      return [claim.subject, judgeLocation(claim, weighed.get(claim.subject) as WeighedClaim, index, numbers)];
    }),
  );

  const locations: LocationVerdict[] = [];
  const standings = evidence.radios.map((_, i): Standing => {
    const before = index.standing(i);
    const found = suspicionsOf.get(i) ?? [];
    const accusations = accusationsAfter(before.accusations, found, evidence.epoch, numbers);
    const judged = judgements.get(i);
    if (!judged) {
      const { location: _location, doubt: _doubt, interceptDdb: _intercept, ...rest } = before;
      return { ...rest, trust: trust[i] ?? 0, accusations };
    }
    const all = withRefutation(accusations, judged, evidence.epoch);
    const verdict = underAccusation(judged.verdict, all, evidence.epoch, numbers);
    locations.push(verdict);
    const interceptDdb = fitIntercept(i, index, { model: prior, numbers });
    const { location: _location, doubt: _doubt, interceptDdb: _intercept, ...rest } = before;
    return {
      ...rest,
      ...(interceptDdb === undefined ? {} : { interceptDdb }),
      location: verdict.outcome,
      ...(judged.doubt ? { doubt: judged.doubt } : {}),
      trust: trust[i] ?? 0,
      accusations: all,
    };
  });
  return { locations, trust, suspicions, standings };
}

/** The newest parts of the window alone: what was heard before says nothing about who has been carried away since. */
function recentOf(
  { recent, ...evidence }: NetworkEvidence,
  trust: readonly number[],
  modules: { readonly cells: CellCache; readonly numbers: Numbers },
): PairEvidence[] {
  return (recent ?? []).map(({ activity, links }) => {
    const radios = evidence.radios.map((radio, i) => ({ ...radio, ...activity[i] }));
    const inTime = withoutLateLinks({ ...evidence, radios, links }, modules.numbers);
    const index = new EvidenceIndex({ ...evidence, radios, links: inTime }, trust, modules);
    return { index, pairs: new PairBook(index) };
  });
}

const models = new WeakMap<LocationNumbers['propagation'], PropagationModel>();
const curves = new WeakMap<LocationNumbers['hearing'], HearingCurve>();

/** Tables take a while to build, and follow from a rule set's frozen numbers: built once for each. */
function once<Key extends object, Value>(known: WeakMap<Key, Value>, key: Key, build: () => Value): Value {
  const value = known.get(key) ?? build();
  known.set(key, value);
  return value;
}

function byRadio(suspicions: readonly Suspicion[]): Map<number, Suspicion[]> {
  const found = new Map<number, Suspicion[]>();
  for (const suspicion of suspicions) {
    for (const radio of suspicion.radios) found.set(radio, [...(found.get(radio) ?? []), suspicion]);
  }
  return found;
}

/**
 * A refuted place is an accusation that can be appealed; its epochs are those of the doubt. It ends with the doubt; what
 * validators have dismissed is kept, so that it is not raised again.
 */
function withRefutation(
  accusations: readonly StandingAccusation[],
  { verdict, doubt }: LocationJudgement,
  epoch: number,
): StandingAccusation[] {
  const code = 'location_refuted';
  const others = accusations.filter((accusation) => accusation.code !== code);
  const known = accusations.find((accusation) => accusation.code === code);
  if (known && isDismissed(known)) return [...accusations];
  if (verdict.reason !== code || !doubt) return others;
  const accusation = { ...known, code, epoch, epochs: doubt.epochs, checks: verdict.checks } as const;
  return [...others, accusation].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/**
 * The verdict with what else stands against the hotspot: an accusation in force makes its place invalid, a suspicion of
 * this epoch leaves it unproven. A refutation that validators have dismissed accuses nobody.
 */
function underAccusation(
  verdict: LocationVerdict,
  accusations: readonly StandingAccusation[],
  epoch: number,
  numbers: Numbers,
): LocationVerdict {
  const inForce = accusations.filter((accusation) => accusationStrength(accusation, epoch, numbers) > 0);
  const [accused] = inForce.filter(({ code, ...rest }) => isAccused({ code, ...rest }, numbers));
  if (accused) return against(verdict, 'invalid', accused.code, accused.checks);
  const [suspected] = inForce;
  if (suspected) return against(verdict, 'insufficient', suspected.code, suspected.checks);
  if (verdict.reason !== 'location_refuted') return verdict;
  return { ...verdict, outcome: 'insufficient', reason: 'location_doubted' };
}

function against(
  verdict: LocationVerdict,
  outcome: 'invalid' | 'insufficient',
  reason: Reason,
  checks: LocationVerdict['checks'],
): LocationVerdict {
  return verdict.reason === reason ? verdict : { ...verdict, outcome, reason, checks: [...verdict.checks, ...checks] };
}
