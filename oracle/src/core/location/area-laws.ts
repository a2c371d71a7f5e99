import { parentCell } from '../coverage/parent-cell.ts';
import { distanceM } from '../geometry/distance.ts';
import { tenLog10Udb } from '../numeric/log10.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { AreaModel } from './area-model.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import {
  type AreaFit,
  fitAreaLaw,
  type KnownPair,
  likeliestOf,
  type MemberPair,
  type Residual,
  residualOf,
  valuesOfOffsets,
} from './fit-area-law.ts';
import type { HearingCurve } from './hearing-curve.ts';
import { termAt } from './offset-likelihood.ts';
import type { PairBook } from './pair-book.ts';
import type { LawNumbers, LawTables } from './propagation-model.ts';

const KILOMETRE_UDB = tenLog10Udb(1_000);

interface Modules {
  readonly index: EvidenceIndex;
  /** Whose links say nothing about the place they claim. */
  readonly astray: ReadonlySet<number>;
  readonly pairs: PairBook;
  readonly hearing: HearingCurve;
  readonly tables: LawTables;
  readonly numbers: LocationNumbers;
}

/**
 * The laws of path loss in the areas of a network, each the likeliest for what the proven hotspots there hear of each other and
 * do not hear.
 */
export class AreaLaws {
  readonly #modules: Modules;
  readonly #areas = new Map<bigint, Area | undefined>();
  /** Proven hotspots by the cell of an area's size. */
  readonly #proven = new Map<bigint, number[]>();

  constructor(modules: Modules) {
    this.#modules = modules;
    const { astray, index } = modules;
    index.evidence.radios.forEach(({ cell, kind }, i) => {
      if (cell === undefined || kind !== 'hotspot' || astray.has(i)) return;
      if (!index.isProven(i) || index.weight(i) === 0) return;
      const around = this.#cellOf(i);
      this.#proven.set(around, [...(this.#proven.get(around) ?? []), i]);
    });
  }

  /** Where most of some hotspots are; undefined where too few are proven to tell its law. */
  areaOf(radios: readonly number[]): Area | undefined {
    const counts = new Map<bigint, number>();
    for (const cell of radios.map((radio) => this.#cellOf(radio))) counts.set(cell, (counts.get(cell) ?? 0) + 1);
    const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    if (!first) return undefined;
    const [cell] = first;
    if (!this.#areas.has(cell)) this.#areas.set(cell, this.#fit(cell));
    return this.#areas.get(cell);
  }

  #fit(cell: bigint): Area | undefined {
    const { index, numbers } = this.#modules;
    const all = index.grid.disk(cell, 1).flatMap((around) => this.#proven.get(around) ?? []);
    const since = (i: number): number => index.radio(i).fromEpoch;
    const bySeniority = (a: number, b: number): number => since(a) - since(b) || index.byTrust(a, b);
    const members = all.sort(bySeniority).slice(0, numbers.area.members);
    const pairs = pairsAmong(members, this.#modules);
    if (pairs.filter(({ isSilent }) => !isSilent).length < numbers.area.fewestPairs) return undefined;
    return new Area(members, fitAreaLaw(members.length, pairs, this.#modules), this.#modules);
  }

  #cellOf(radio: number): bigint {
    return parentCell(this.#modules.index.radio(radio).cell as bigint, this.#modules.numbers.area.resolution);
  }
}

/** What the members of an area know about the offset of one radio. */
interface RadioOffset {
  readonly residuals: ReadonlyMap<number, Residual>;
  /** Log-likelihood of each offset that is tried, micronats. */
  readonly values: readonly number[];
}

/** A part of the world with one law. */
export class Area {
  readonly law: LawNumbers;
  readonly model: AreaModel;
  readonly #members: readonly number[];
  /** One a member. */
  readonly #offsets: readonly number[];
  readonly #modules: Modules;
  readonly #known = new Map<number, RadioOffset>();

  constructor(members: readonly number[], fit: AreaFit, modules: Modules) {
    this.law = fit.law;
    this.model = new AreaModel(fit.law, modules.tables, modules.numbers);
    this.#members = members;
    this.#offsets = fit.offsets;
    this.#modules = modules;
  }

  /**
   * By how much more is lost at a radio than the law says, to go by all members but one: walls, a poor antenna, a deaf
   * receiver. ddB.
   */
  offsetDdb(radio: number, without: number): number {
    const { offsetsDdb } = this.#modules.numbers.area;
    const known = this.#known.get(radio) ?? this.#offsetOf(radio);
    this.#known.set(radio, known);
    const left = known.residuals.get(without);
    return offsetsDdb[likeliestOf(left ? withoutOne(known.values, left, offsetsDdb) : known.values)] as number;
  }

  #offsetOf(radio: number): RadioOffset {
    const residuals = new Map<number, Residual>();
    for (const [i, member] of this.#members.entries()) {
      const pair = member === radio ? undefined : pairOf(radio, member, this.#modules);
      if (pair) residuals.set(member, residualOf(pair, this.#offsets[i] as number, this.law, this.#modules));
    }
    return { residuals, values: valuesOfOffsets([...residuals.values()], this.#modules) };
  }
}

function withoutOne(
  values: readonly number[],
  { terms, residualDdb }: Residual,
  offsetsDdb: readonly number[],
): number[] {
  return values.map((value, i) => value - termAt(terms, residualDdb - (offsetsDdb[i] as number)));
}

function pairsAmong(members: readonly number[], modules: Modules): MemberPair[] {
  return members.flatMap((one, a) =>
    members.slice(0, a).flatMap((other, b) => {
      const pair = pairOf(one, other, modules);
      return pair ? [{ ...pair, a, b }] : [];
    }),
  );
}

/** Undefined of one owner's, of those too near each other, and where neither could have heard the other. */
function pairOf(one: number, other: number, { index, pairs, hearing }: Modules): KnownPair | undefined {
  const [first, second] = [index.radio(one), index.radio(other)];
  const heard = pairs.hearingOf(one, other);
  if (first.owner === second.owner || heard.chances === 0 || index.areTooNear(one, other)) return undefined;
  const metres = distanceM(index.pointOf(first.cell as bigint), index.pointOf(second.cell as bigint));
  const distanceUdb = tenLog10Udb(metres) - KILOMETRE_UDB;
  return { ...hearing.estimate(heard), distanceUdb };
}
