import { cellToChildren, gridDisk } from 'h3-js';
import { parentCell, resolutionOf } from '../coverage/parent-cell.ts';
import { findCellCentre } from '../geometry/cell.ts';
import type { CellCache, CellCentre } from '../geometry/cell-cache.ts';
import { unitsOf } from './path-loss.ts';

/** Where a search begins, and the cells whose centres it compares: about 1 km apart. */
export const COARSEST = 5;
export const FINEST = 8;

/**
 * How far the centre of a cell is from the centres of the finest cells below it at most, metres: the sum of the spacings
 * of the resolutions between. H3 faceijk.c: the spacing is at most 0.381966 / √7^res × 6,371.007 km.
 */
const REACH_M: Readonly<Record<number, number>> = { 5: 10_790, 6: 3_696, 7: 1_014, 8: 0 };

/** A cell with its centre. */
export interface Place extends Pick<CellCentre, 'x' | 'y' | 'z'> {
  readonly cell: bigint;
  /** No finest cell below it has its centre farther from this one, in the units of centres. */
  readonly reach: number;
}

/** The cells a place may be searched in. Remembers what it has made: hotspots of one city are searched in the same cells. */
export class PlaceGrid {
  readonly #cells: CellCache;
  readonly #children = new Map<bigint, readonly Place[]>();
  readonly #disks = new Map<bigint, readonly Place[]>();
  readonly #neighbours = new Map<bigint, readonly Place[]>();

  constructor(cells: CellCache) {
    this.#cells = cells;
  }

  /** The cells one resolution finer, ascending. */
  childrenOf({ cell }: Place): readonly Place[] {
    const known = this.#children.get(cell);
    if (known) return known;
    const children = this.#placesOf(cellToChildren(cell.toString(16), resolutionOf(cell) + 1));
    this.#children.set(cell, children);
    return children;
  }

  /** The coarsest cells within so many rings around those that some cells are in, ascending. */
  around(cells: Iterable<bigint>, rings: number): Place[] {
    const found = new Map<bigint, Place>();
    for (const centre of new Set([...cells].map((cell) => parentCell(cell, COARSEST)))) {
      const known = this.#disks.get(centre) ?? this.#placesOf(gridDisk(centre.toString(16), rings));
      this.#disks.set(centre, known);
      for (const place of known) found.set(place.cell, place);
    }
    return [...found.values()].sort((a, b) => (a.cell < b.cell ? -1 : 1));
  }

  /** The finest cells within so many rings around the one a cell is in, ascending; none if it is coarser itself. */
  near(cell: bigint, rings: number): readonly Place[] {
    if (resolutionOf(cell) < FINEST) return [];
    const centre = parentCell(cell, FINEST);
    const known = this.#neighbours.get(centre) ?? this.#placesOf(gridDisk(centre.toString(16), rings));
    this.#neighbours.set(centre, known);
    return known;
  }

  /** A cell and those within so many rings around it, ascending. */
  disk(cell: bigint, rings: number): bigint[] {
    return gridDisk(cell.toString(16), rings)
      .map((text) => BigInt(`0x${text}`))
      .sort((a, b) => (a < b ? -1 : 1));
  }

  #placesOf(texts: readonly string[]): Place[] {
    return texts.map((text) => this.#placeOf(BigInt(`0x${text}`))).sort((a, b) => (a.cell < b.cell ? -1 : 1));
  }

  #placeOf(cell: bigint): Place {
    const centre = findCellCentre(cell, this.#cells);
    const reachM = REACH_M[resolutionOf(cell)];
    if (!centre || reachM === undefined) throw new RangeError(`no place to search: ${cell.toString(16)}`);
    return { cell, x: centre.x, y: centre.y, z: centre.z, reach: unitsOf(reachM) + 10 };
  }
}
