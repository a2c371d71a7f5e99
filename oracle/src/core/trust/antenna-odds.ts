import { lowerMedian } from '../numeric/integers.ts';
import { tenLog10Udb } from '../numeric/log10.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';

type Numbers = TrustNumbers['collusion'];

/** The other ends of one radio's strong links in one direction, with the losses. */
export type Ends = readonly End[];

export interface End {
  readonly end: number;
  readonly lossDdb: number;
  /** How far that may be wrong by chance, ddB². */
  readonly varianceDdb2: number;
  /** Levels are not bent by what can be heard at all. */
  readonly isStrong: boolean;
}

/** What two radios have in common: per common end the difference of their levels, and what follows from its variances. */
export interface Common {
  readonly ends: number[];
  readonly differences: number[];
  readonly contrasts: Contrast[];
  /** What came out last, and over which of the ends. */
  judged: { readonly counted: readonly number[]; readonly likelierMicronats: number } | undefined;
}

/** Of the variances of a difference of two means, under one antenna and under two. */
export interface Contrast {
  /** ln(two / one). */
  readonly nats: number;
  /** 1 / one − 1 / two, ddB⁻². */
  readonly precision: number;
}

/** 10 log10 in µdB that make a nat. */
const UDB_A_NAT = 4_342_945;
const MICRONATS_A_NAT = 1_000_000;
/** Of two radios' ends, one's by the end. */
export function commonOf(
  own: ReadonlyMap<number, End>,
  others: Ends,
  contrastOf: (a: End, b: End) => Contrast,
): Common {
  const common: Common = { ends: [], differences: [], contrasts: [], judged: undefined };
  for (const other of others) {
    const one = own.get(other.end);
    if (!one) continue;
    common.ends.push(other.end);
    common.differences.push(one.lossDdb - other.lossDdb);
    common.contrasts.push(contrastOf(one, other));
  }
  return common;
}

export function contrasts({ twinShadowDdb, twinWeakShadowDdb }: Numbers): (a: End, b: End) => Contrast {
  const [strong, weak] = [contrastsOver(twinShadowDdb), contrastsOver(twinWeakShadowDdb)];
  return (a, b) => (a.isStrong && b.isStrong ? strong : weak)(a.varianceDdb2 + b.varianceDdb2);
}

/** Of a variance by fading alone with the same and the shadows of two paths, ddB². Few links have a variance of their own. */
function contrastsOver(shadowDdb: number): (variance: number) => Contrast {
  const known = new Map<number, Contrast>();
  return (ofOne) => {
    let contrast = known.get(ofOne);
    if (!contrast) {
      const ofTwo = ofOne + shadowDdb * shadowDdb;
      contrast = { nats: (tenLog10Udb(ofTwo) - tenLog10Udb(ofOne)) / UDB_A_NAT, precision: 1 / ofOne - 1 / ofTwo };
      known.set(ofOne, contrast);
    }
    return contrast;
  };
}

/**
 * Log-likelihood ratio of one antenna over two, over some of the common ends, about the median difference; micronats,
 * rounded down. Each end may be an outlier under one antenna too. Doubles, but only their exactly rounded + − × ÷, in the
 * canonical order.
 */
export function likelierOneAntenna(
  common: Common,
  counted: readonly number[],
  { twinOutlierPercent }: Numbers,
): number {
  const { contrasts, differences, judged } = common;
  if (judged && areEqual(judged.counted, counted)) return judged.likelierMicronats;
  const constant = lowerMedian(counted.map((i) => differences[i] as number)) ?? 0;
  const outlierNats = natsOfPercent(twinOutlierPercent);
  const regularNats = natsOfPercent(100 - twinOutlierPercent);
  let nats = 0;
  for (const i of counted) {
    const { nats: ratio, precision } = contrasts[i] as Contrast;
    const off = (differences[i] as number) - constant;
    nats += Math.max(outlierNats, regularNats + (ratio - off * off * precision) / 2);
  }
  const likelierMicronats = Math.floor(nats * MICRONATS_A_NAT);
  common.judged = { counted, likelierMicronats };
  return likelierMicronats;
}

/** Ascending places. */
function areEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((place, i) => place === b[i]);
}

/** ln(percent / 100). */
function natsOfPercent(percent: number): number {
  return (tenLog10Udb(percent) - tenLog10Udb(100)) / UDB_A_NAT;
}
