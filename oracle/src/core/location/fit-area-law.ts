import { divideRounded } from '../numeric/integers.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import type { LossEstimate } from './hearing-curve.ts';
import { termAt } from './offset-likelihood.ts';
import { type LawNumbers, type LawTables, widened } from './propagation-model.ts';

/** A step of an exponent in percent, over a distance in µdB, is so much of a ddB. */
const PERCENT_UDB = 100 * 100_000;

/** The loss between two hotspots over a known distance. */
export interface KnownPair extends LossEstimate {
  /** 10 log10 of the kilometres, µdB. */
  readonly distanceUdb: number;
}

/** Two members of an area, by their places among them. */
export interface MemberPair extends KnownPair {
  readonly a: number;
  readonly b: number;
}

/** A law, and by how much more than it says is lost at each member. */
export interface AreaFit {
  readonly law: LawNumbers;
  readonly offsets: readonly number[];
}

/** How far a loss is from what a law says, and the table that tells how likely that is. */
export interface Residual {
  readonly terms: Int32Array;
  readonly residualDdb: number;
}

interface Modules {
  readonly tables: LawTables;
  readonly numbers: Pick<LocationNumbers, 'area'>;
}

/** The likeliest law and offsets, in turns: given the ones the others follow. */
export function fitAreaLaw(members: number, pairs: readonly MemberPair[], modules: Modules): AreaFit {
  const { fitTurns, offsetsDdb } = modules.numbers.area;
  const offsets = Array.from({ length: members }, () => 0);
  const ofMember = offsets.map((_, i) => pairs.filter(({ a, b }) => a === i || b === i));
  let law = likeliestLaw(pairs, offsets, modules);
  for (let turn = 1; turn < fitTurns; turn++) {
    for (let pass = 0; pass < 2; pass++) {
      for (const [i, own] of ofMember.entries()) {
        const residuals = own.map((pair) => {
          return residualOf(pair, offsets[pair.a === i ? pair.b : pair.a] as number, law, modules);
        });
        offsets[i] = offsetsDdb[likeliestOf(valuesOfOffsets(residuals, modules))] as number;
      }
    }
    law = likeliestLaw(pairs, offsets, modules);
  }
  return { law, offsets };
}

function likeliestLaw(pairs: readonly MemberPair[], offsets: readonly number[], modules: Modules): LawNumbers {
  const { exponentsPercent, lossesAtKmDdb, sigmasDdb } = modules.numbers.area;
  const bare = pairs.map(({ lossDdb, a, b }) => lossDdb - (offsets[a] as number) - (offsets[b] as number));
  const residuals = exponentsPercent.map((exponentPercent) => {
    const rest = pairs.map(({ distanceUdb }, i) => (bare[i] as number) - slopeOf(distanceUdb, exponentPercent));
    return { exponentPercent, rest: Int32Array.from(rest) };
  });
  let best: { readonly law: LawNumbers; readonly value: number } | undefined;
  for (const sigmaDdb of sigmasDdb) {
    const terms = pairs.map((pair) => termsOf(pair, sigmaDdb, modules));
    for (const { exponentPercent, rest } of residuals) {
      for (const lossAtKmDdb of lossesAtKmDdb) {
        let value = 0;
        for (const [i, table] of terms.entries()) value += termAt(table, (rest[i] as number) - lossAtKmDdb);
        if (!best || value > best.value) best = { law: { exponentPercent, lossAtKmDdb, sigmaDdb }, value };
      }
    }
  }
  if (!best) throw new RangeError('the rule set names no laws to choose from');
  return best.law;
}

/** Of a loss to or from a radio whose own offset is to be found. */
export function residualOf(pair: KnownPair, otherOffsetDdb: number, law: LawNumbers, modules: Modules): Residual {
  const expectedDdb = law.lossAtKmDdb + slopeOf(pair.distanceUdb, law.exponentPercent) + otherOffsetDdb;
  return { terms: termsOf(pair, law.sigmaDdb, modules), residualDdb: pair.lossDdb - expectedDdb };
}

/** Log-likelihood of each offset that is tried, its prior included: micronats. */
export function valuesOfOffsets(residuals: readonly Residual[], { numbers }: Pick<Modules, 'numbers'>): number[] {
  const { offsetSigmaDdb, offsetsDdb } = numbers.area;
  return offsetsDdb.map((offsetDdb) => {
    let value = 0 - divideRounded(offsetDdb * offsetDdb * 1_000_000, 2 * offsetSigmaDdb * offsetSigmaDdb);
    for (const { terms, residualDdb } of residuals) value += termAt(terms, residualDdb - offsetDdb);
    return value;
  });
}

/** Place of the greatest, of equal ones the first. */
export function likeliestOf(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}

const slopeOf = (distanceUdb: number, exponentPercent: number): number =>
  divideRounded(distanceUdb * exponentPercent, PERCENT_UDB);

function termsOf({ isSilent, spreadDdb }: LossEstimate, sigmaDdb: number, { tables, numbers }: Modules): Int32Array {
  const whole = widened(sigmaDdb, spreadDdb);
  return isSilent ? tables.silent(whole, numbers.area.deafPercent) : tables.heard(whole);
}
