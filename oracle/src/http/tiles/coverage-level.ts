import type { HexValues } from './coverage-row.ts';
import { emptyValues } from './coverage-row.ts';
import { HexColumns } from './hex-columns.ts';
import type { HexId } from './hex-id.ts';

/** Changes are kept beside the columns up to this many (or an eighth of the columns), then merged into them. */
const MIN_CHANGES_TO_MERGE = 4096;

/** All hexagons of one resolution: sorted columns, and beside them what has changed since. */
export class CoverageLevel {
  readonly resolution: number;
  #columns: HexColumns;
  #changes = new Map<HexId, HexValues>();
  /** Changed ids that the columns do not have. */
  #added: HexId[] = [];
  #addedInOrder = true;

  constructor(resolution: number, columns: HexColumns) {
    this.resolution = resolution;
    this.#columns = columns;
  }

  get size(): number {
    return this.#columns.length + this.#added.length;
  }

  /** Fills `into` and answers true, or answers false when the hexagon is unknown. */
  read(id: HexId, into: HexValues): boolean {
    const change = this.#changes.get(id);
    if (change !== undefined) {
      Object.assign(into, change);
      return true;
    }
    const index = this.#columns.lowerBound(id);
    if (this.#columns.id(index) !== id || index >= this.#columns.length) return false;
    this.#columns.read(index, into);
    return true;
  }

  set(id: HexId, values: Readonly<HexValues>): void {
    const change = this.#changes.get(id);
    if (change !== undefined) {
      Object.assign(change, values);
      return;
    }
    const index = this.#columns.lowerBound(id);
    const known = index < this.#columns.length && this.#columns.id(index) === id;
    this.#changes.set(id, { ...values });
    if (!known) {
      this.#added.push(id);
      this.#addedInOrder = false;
    }
    if (this.#changes.size > Math.max(MIN_CHANGES_TO_MERGE, this.#columns.length / 8)) this.#merge();
  }

  /** Is any hexagon in `[lowest, highest]`? */
  hasAny(lowest: HexId, highest: HexId): boolean {
    const index = this.#columns.lowerBound(lowest);
    if (index < this.#columns.length && this.#columns.id(index) <= highest) return true;
    const added = this.#sortedAdded();
    const position = lowerBound(added, lowest);
    return position < added.length && (added[position] ?? Number.NaN) <= highest;
  }

  /** Calls `visit` for each hexagon in `[lowest, highest]`, ascending. The values object is reused. */
  visitRange(lowest: HexId, highest: HexId, visit: (id: HexId, values: Readonly<HexValues>) => void): void {
    const values = emptyValues();
    const added = this.#sortedAdded();
    let position = lowerBound(added, lowest);
    const visitAddedBefore = (end: HexId): void => {
      for (let id = added[position]; id !== undefined && id < end; id = added[position]) {
        position += 1;
        Object.assign(values, this.#changes.get(id));
        visit(id, values);
      }
    };
    for (let index = this.#columns.lowerBound(lowest); index < this.#columns.length; index += 1) {
      const id = this.#columns.id(index);
      if (id > highest) break;
      visitAddedBefore(id);
      const change = this.#changes.get(id);
      if (change === undefined) this.#columns.read(index, values);
      else Object.assign(values, change);
      visit(id, values);
    }
    visitAddedBefore(highest + 1);
  }

  /** The columns with all changes merged in. */
  columns(): HexColumns {
    if (this.#changes.size > 0) this.#merge();
    return this.#columns;
  }

  #merge(): void {
    const merged = new HexColumns(this.size);
    this.visitRange(0, Number.MAX_SAFE_INTEGER - 1, (id, values) => merged.append(id, values));
    this.#columns = merged;
    this.#changes = new Map();
    this.#added = [];
    this.#addedInOrder = true;
  }

  #sortedAdded(): readonly HexId[] {
    if (!this.#addedInOrder) this.#added.sort((a, b) => a - b);
    this.#addedInOrder = true;
    return this.#added;
  }
}

function lowerBound(ids: readonly HexId[], id: HexId): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? Number.NaN) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
