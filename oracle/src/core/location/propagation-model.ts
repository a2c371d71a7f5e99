import { divideRounded, integerSqrt } from '../numeric/integers.ts';
import { buildHeardTable, buildSilenceTable } from '../numeric/normal-tables.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST } from './evidence.ts';
import { LAST_RESIDUAL_DDB } from './offset-likelihood.ts';
import { buildPathLoss, type PathLossModel } from './path-loss.ts';
import type { Law, Observation, OffsetGroup, PlaceModel } from './place-likelihood.ts';

const LAST_SILENCE = 600;
/** Offsets tried: of what it sends within ±8 dB, of what it hears within ±20 dB. */
const SENT_OFFSETS_DDB = [-80, -40, 0, 40, 80];
const HEARD_OFFSETS_DDB = [-200, -160, -120, -80, -40, 0, 40, 80, 120, 160, 200];

/** A log-distance path loss with the spread about it. */
export interface LawNumbers extends PathLossModel {
  readonly sigmaDdb: number;
}

/** Laws are told apart by so much of their spread. */
const SPREAD_STEP_DDB = 10;

/** The spread of levels about a law that are themselves uncertain. */
export function widened(sigmaDdb: number, spreadDdb: number): number {
  const whole = integerSqrt(sigmaDdb * sigmaDdb + spreadDdb * spreadDdb);
  return SPREAD_STEP_DDB * divideRounded(whole, SPREAD_STEP_DDB);
}

/** Tables of laws, built from a rule set's numbers when they are first asked for. */
export class LawTables {
  readonly #propagation: LocationNumbers['propagation'];
  readonly #losses = new Map<number, Int32Array>();
  readonly #heard = new Map<number, Int32Array>();
  readonly #silences = new Map<number, Int32Array>();
  readonly #silent = new Map<number, Int32Array>();

  constructor(propagation: LocationNumbers['propagation']) {
    this.#propagation = propagation;
  }

  /** `deafPercent`: how many are silent for no reason. */
  lawOf({ exponentPercent, lossAtKmDdb, sigmaDdb }: LawNumbers, deafPercent: number): Law {
    const key = exponentPercent * 65_536 + lossAtKmDdb;
    return {
      loss: remembered(this.#losses, key, () => buildPathLoss({ exponentPercent, lossAtKmDdb })),
      heard: this.heard(sigmaDdb),
      silent: this.silent(sigmaDdb, deafPercent),
    };
  }

  heard(sigmaDdb: number): Int32Array {
    const build = () => mirrored(buildHeardTable({ ...this.#propagation, sigmaDdb }, LAST_RESIDUAL_DDB));
    return remembered(this.#heard, sigmaDdb, build);
  }

  silent(sigmaDdb: number, deafPercent: number): Int32Array {
    return remembered(this.#silent, sigmaDdb * 128 + deafPercent, () => {
      const table = remembered(this.#silences, deafPercent, () => buildSilenceTable(deafPercent, LAST_SILENCE));
      return silenceByMargin(table, sigmaDdb);
    });
  }
}

/**
 * How likely levels are where nothing is known about the area: log-normal with an outlier floor around a log-distance path
 * loss; and silence. Tables only, built from a rule set's numbers.
 */
export class PropagationModel implements PlaceModel {
  readonly known: Law;
  readonly unknown: Law;
  readonly hill: Law;
  /** What it sends and what it hears has an offset each. */
  readonly groups: readonly OffsetGroup[];
  readonly tables: LawTables;

  constructor({ propagation }: Pick<LocationNumbers, 'propagation'>) {
    const { exponentPercent, lossAtKmDdb, sigmaDdb, deafPercent } = propagation;
    const { newExponentPercent, newLossAtKmDdb, newSigmaDdb } = propagation;
    const { hillExponentPercent, hillLossAtKmDdb, hillSigmaDdb } = propagation;
    this.tables = new LawTables(propagation);
    const lawOf = (exponent: number, lossAtKm: number, sigma: number): Law =>
      this.tables.lawOf({ exponentPercent: exponent, lossAtKmDdb: lossAtKm, sigmaDdb: sigma }, deafPercent);
    this.known = lawOf(exponentPercent, lossAtKmDdb, sigmaDdb);
    this.unknown = lawOf(newExponentPercent, newLossAtKmDdb, newSigmaDdb);
    this.hill = lawOf(hillExponentPercent, hillLossAtKmDdb, hillSigmaDdb);
    this.groups = [
      offsetGroup(['sent', 'silent'], SENT_OFFSETS_DDB, propagation.offsetSigmaDdb),
      offsetGroup(['heard'], HEARD_OFFSETS_DDB, propagation.interceptSigmaDdb),
    ];
  }

  lawFor({ known }: Pick<Observation, 'known'>): Law {
    return known ? this.known : this.unknown;
  }

  hillLawFor(): Law {
    return this.hill;
  }
}

/** Offsets with what each costs: −offset² / 2σ², micronats × 1/10,000. */
export function offsetGroup(kinds: OffsetGroup['kinds'], offsetsDdb: readonly number[], sigmaDdb: number): OffsetGroup {
  const priorOf = (offset: number): number =>
    0 - divideRounded(offset * offset * 1_000_000 * FULL_TRUST, 2 * sigmaDdb * sigmaDdb);
  return { kinds, offsetsDdb, priors: offsetsDdb.map(priorOf) };
}

function remembered<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

function mirrored(table: Int32Array): Int32Array {
  return Int32Array.from({ length: 2 * table.length - 1 }, (_, i) => table[Math.abs(i - table.length + 1)] as number);
}

function silenceByMargin(silence: Int32Array, sigmaDdb: number): Int32Array {
  return Int32Array.from({ length: 2 * LAST_RESIDUAL_DDB + 1 }, (_, i) => {
    const z = divideRounded((LAST_RESIDUAL_DDB - i) * 100, sigmaDdb);
    return silence[Math.max(-LAST_SILENCE, Math.min(LAST_SILENCE, z)) + LAST_SILENCE] as number;
  });
}
