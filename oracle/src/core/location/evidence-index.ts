import { parentCell } from '../coverage/parent-cell.ts';
import { findCellCentre } from '../geometry/cell.ts';
import type { CellCache } from '../geometry/cell-cache.ts';
import { distanceM } from '../geometry/distance.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import {
  FULL_TRUST,
  isProven,
  type LinkStatistic,
  type NetworkEvidence,
  type Radio,
  type Standing,
} from './evidence.ts';
import { COARSEST, PlaceGrid } from './place-grid.ts';
import type { Point } from './place-likelihood.ts';

/** A radio in one part of town. */
export interface RadioPart {
  /** Its own number. */
  readonly number: number;
  /** At the resolution that makes witnesses different. */
  readonly cell: bigint;
}

/** Links and places of one epoch's evidence, found by the radio they concern. */
export class EvidenceIndex {
  readonly evidence: NetworkEvidence;
  readonly grid: PlaceGrid;
  readonly #cells: CellCache;
  readonly #sent: readonly LinkStatistic[][];
  readonly #heard: readonly LinkStatistic[][];
  readonly #weights: readonly number[];
  readonly #partResolution: number;
  readonly #minDistanceM: number;
  /** By the cell, whatever its resolution, and the radio. */
  readonly #parts: readonly Map<bigint, RadioPart>[];
  #partCount = 0;
  /** Hotspots by the coarsest cell they are in. */
  readonly #byCell = new Map<bigint, number[]>();

  /** `trust` one a radio. */
  constructor(
    evidence: NetworkEvidence,
    trust: readonly number[],
    { cells, numbers }: { readonly cells: CellCache; readonly numbers: Pick<LocationNumbers, 'link' | 'location'> },
  ) {
    this.evidence = evidence;
    this.grid = new PlaceGrid(cells);
    this.#cells = cells;
    this.#sent = evidence.radios.map(() => []);
    this.#heard = evidence.radios.map(() => []);
    for (const link of evidence.links) {
      if (!isOfPresentPlace(link, evidence.radios)) continue;
      this.#sent[link.sender]?.push(link);
      this.#heard[link.receiver]?.push(link);
    }
    this.#partResolution = numbers.location.witnessCellResolution;
    this.#minDistanceM = numbers.link.minDistanceM;
    this.#parts = evidence.radios.map(() => new Map());
    this.#weights = evidence.standings.map((standing, i) => weightOf(standing, trust[i] ?? 0, numbers));
    evidence.radios.forEach(({ cell, kind }, i) => {
      if (cell === undefined || kind !== 'hotspot') return;
      const around = parentCell(cell, COARSEST);
      const known = this.#byCell.get(around);
      if (known) known.push(i);
      else this.#byCell.set(around, [i]);
    });
  }

  radio(i: number): Radio {
    return this.evidence.radios[i] as Radio;
  }

  standing(i: number): Standing {
    return this.evidence.standings[i] as Standing;
  }

  /** What a radio counts as a witness, in 1/10,000. */
  weight(i: number): number {
    return this.#weights[i] as number;
  }

  /** It is audited, or the last verdict on its place was `valid`. */
  isProven(i: number): boolean {
    return isProven(this.radio(i), this.standing(i));
  }

  /** Proven ones before others, then the weightiest, then who has been there longest. */
  byTrust(a: number, b: number): number {
    return (
      Number(this.isProven(b)) - Number(this.isProven(a)) ||
      this.weight(b) - this.weight(a) ||
      this.radio(a).fromEpoch - this.radio(b).fromEpoch ||
      a - b
    );
  }

  /** Links others have of what it sent from where it is. */
  sentBy(i: number): readonly LinkStatistic[] {
    return this.#sent[i] as readonly LinkStatistic[];
  }

  heardBy(i: number): readonly LinkStatistic[] {
    return this.#heard[i] as readonly LinkStatistic[];
  }

  /** Where a radio was when it was in a cell. Asked for each link, so worked out once. */
  partOf(radio: number, cell: bigint): RadioPart {
    const parts = this.#parts[radio] as Map<bigint, RadioPart>;
    let part = parts.get(cell);
    if (!part) {
      const around = parentCell(cell, this.#partResolution);
      part = parts.get(around) ?? { number: this.#partCount++, cell: around };
      parts.set(around, part).set(cell, part);
    }
    return part;
  }

  pointOf(cell: bigint): Point & { readonly cell: bigint } {
    const centre = findCellCentre(cell, this.#cells);
    if (!centre) throw new RangeError(`the evidence names no cell: ${cell.toString(16)}`);
    return { cell, x: centre.x, y: centre.y, z: centre.z };
  }

  /** Of hotspots that claim places that near each other no link counts (rule `too_near`): that they have none says nothing. */
  areTooNear(a: number, b: number): boolean {
    const [one, other] = [this.radio(a).cell, this.radio(b).cell];
    if (one === undefined || other === undefined) return false;
    return distanceM(this.pointOf(one), this.pointOf(other)) < this.#minDistanceM;
  }

  /** Hotspots that pass, the nearest to a place first, at most so many: among those within one coarsest cell's ring. */
  nearest(cell: bigint, limit: number, passes: (radio: number) => boolean): number[] {
    const here = this.pointOf(cell);
    const found: { readonly i: number; readonly distance: number }[] = [];
    for (const { cell: around } of this.grid.around([cell], 1)) {
      for (const i of this.#byCell.get(around) ?? []) {
        if (!passes(i)) continue;
        found.push({ i, distance: distanceM(here, this.pointOf(this.radio(i).cell as bigint)) });
      }
    }
    found.sort((a, b) => a.distance - b.distance || a.i - b.i);
    return found.slice(0, limit).map(({ i }) => i);
  }
}

/** Both ends are where the link was measured; a survey device was where it says. */
function isOfPresentPlace({ sender, senderCell, receiver, firstEpoch }: LinkStatistic, radios: readonly Radio[]) {
  const [from, to] = [radios[sender], radios[receiver]];
  if (!from || to?.cell === undefined || firstEpoch < to.fromEpoch) return false;
  return from.kind === 'survey_device' || (from.cell === senderCell && firstEpoch >= from.fromEpoch);
}

function weightOf(standing: Standing, trust: number, { location }: Pick<LocationNumbers, 'location'>): number {
  if (standing.location === 'invalid') return 0;
  return standing.doubt ? Math.floor((trust * location.doubtedWeight) / FULL_TRUST) : trust;
}
