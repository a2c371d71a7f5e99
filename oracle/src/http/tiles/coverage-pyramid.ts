import { COVERAGE_RESOLUTION } from '../../api/index.ts';
import { CoverageLevel } from './coverage-level.ts';
import { type CoverageRow, emptyValues, type HexValues, rollUp, valuesFromRow } from './coverage-row.ts';
import { HexColumns } from './hex-columns.ts';
import { ancestor, children, type HexId, hexIdFromCell } from './hex-id.ts';
import { COARSEST_RESOLUTION } from './zoom-rule.ts';

/** Hexagons that changed, by resolution. */
export type ChangedHexes = ReadonlyMap<number, ReadonlySet<HexId>>;

/** Coverage at resolutions 1–9: the rows themselves and their roll-ups. */
export class CoveragePyramid {
  readonly #levels: ReadonlyMap<number, CoverageLevel>;

  /**
   * @throws CellResolutionError when a row's cell is not of resolution 9
   * @throws RangeError when two rows name one cell
   */
  constructor(rows: Iterable<CoverageRow>) {
    const levels = new Map<number, CoverageLevel>();
    let columns = finestColumns(rows);
    levels.set(COVERAGE_RESOLUTION, new CoverageLevel(COVERAGE_RESOLUTION, columns));
    for (let resolution = COVERAGE_RESOLUTION - 1; resolution >= COARSEST_RESOLUTION; resolution -= 1) {
      columns = rolledUp(columns, resolution);
      levels.set(resolution, new CoverageLevel(resolution, columns));
    }
    this.#levels = levels;
  }

  level(resolution: number): CoverageLevel {
    const level = this.#levels.get(resolution);
    if (level === undefined) throw new RangeError(`No coverage at resolution ${resolution}`);
    return level;
  }

  /** Inserts rows or replaces what was known of their cells; says which hexagons of each resolution may look different now. */
  upsert(rows: Iterable<CoverageRow>): ChangedHexes {
    const changed = new Map<number, Set<HexId>>();
    let dirty = new Set<HexId>();
    const finest = this.level(COVERAGE_RESOLUTION);
    for (const row of rows) {
      const id = hexIdFromCell(row.cell, COVERAGE_RESOLUTION);
      finest.set(id, valuesFromRow(row));
      dirty.add(id);
    }
    changed.set(COVERAGE_RESOLUTION, dirty);
    for (let resolution = COVERAGE_RESOLUTION - 1; resolution >= COARSEST_RESOLUTION; resolution -= 1) {
      dirty = new Set([...dirty].map((id) => ancestor(id, resolution)));
      for (const id of dirty) this.level(resolution).set(id, this.#sumOfChildren(id, resolution));
      changed.set(resolution, dirty);
    }
    return changed;
  }

  #sumOfChildren(id: HexId, resolution: number): HexValues {
    const finer = this.level(resolution + 1);
    const sum = emptyValues();
    const values = emptyValues();
    for (const child of children(id, resolution)) if (finer.read(child, values)) rollUp(sum, values);
    return sum;
  }
}

function finestColumns(rows: Iterable<CoverageRow>): HexColumns {
  const columns = new HexColumns();
  const outOfOrder: { id: HexId; values: HexValues }[] = [];
  let last = -1;
  for (const row of rows) {
    const id = hexIdFromCell(row.cell, COVERAGE_RESOLUTION);
    if (id > last) {
      columns.append(id, valuesFromRow(row));
      last = id;
    } else outOfOrder.push({ id, values: valuesFromRow(row) });
  }
  columns.trim();
  return outOfOrder.length === 0 ? columns : mergedColumns(columns, outOfOrder);
}

function mergedColumns(columns: HexColumns, others: { id: HexId; values: HexValues }[]): HexColumns {
  others.sort((a, b) => a.id - b.id);
  const merged = new HexColumns(columns.length + others.length);
  const values = emptyValues();
  let index = 0;
  const appendColumnsBefore = (end: HexId): void => {
    for (; index < columns.length && columns.id(index) < end; index += 1) {
      columns.read(index, values);
      merged.append(columns.id(index), values);
    }
  };
  for (const other of others) {
    appendColumnsBefore(other.id);
    merged.append(other.id, other.values);
  }
  appendColumnsBefore(Number.POSITIVE_INFINITY);
  return merged;
}

function rolledUp(finer: HexColumns, resolution: number): HexColumns {
  const coarser = new HexColumns();
  const values = emptyValues();
  let parent = -1;
  let sum = emptyValues();
  for (let index = 0; index < finer.length; index += 1) {
    const id = ancestor(finer.id(index), resolution);
    if (id !== parent) {
      if (parent >= 0) coarser.append(parent, sum);
      parent = id;
      sum = emptyValues();
    }
    finer.read(index, values);
    rollUp(sum, values);
  }
  if (parent >= 0) coarser.append(parent, sum);
  coarser.trim();
  return coarser;
}
