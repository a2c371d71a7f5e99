import { gridDisk } from 'h3-js';
import { parentCell, resolutionOf } from '../coverage/parent-cell.ts';
import type { RuleSet } from '../ruleset/rule-set.ts';

export type DensityTable = RuleSet['rewards']['density'];

/** A scale of 1: densities are counted in 1/10,000. */
export const FULL_SCALE = 10_000;

interface CellCount {
  /** Hotspots below this cell that the finer resolutions left. */
  unclipped: number;
  clipped: number;
}

/** How crowded the surroundings of a cell are. */
export interface DensityMap {
  /** Product over the table's resolutions of clipped / unclipped, in 1/10,000 to the nearest, halves up. */
  scaleOf(cell: bigint): number;
}

/**
 * Helium HIP 17 with the limits of HIP 104. From the finest resolution of the table to the coarsest, a cell counts at
 * most min(maximum, target × max(1, occupied − N + 1)) hotspots, where `occupied` is how many of the cell and its six
 * neighbours hold at least `target`; the rest of them is clipped and shared out over everybody below.
 * `cells` are the hotspots' asserted cells, one entry a hotspot; one coarser than the table's finest resolution
 * enters at its own.
 */
export function computeDensity(cells: readonly bigint[], table: DensityTable): DensityMap {
  const levels = [...table].sort((a, b) => b.resolution - a.resolution);
  const counts = new Map<bigint, CellCount>();
  const add = (cell: bigint, hotspots: number): void => {
    const count = counts.get(cell);
    if (count) count.unclipped += hotspots;
    else counts.set(cell, { unclipped: hotspots, clipped: 0 });
  };

  const finest = levels[0]?.resolution ?? 0;
  for (const cell of cells) add(parentCell(cell, Math.min(finest, resolutionOf(cell))), 1);
  for (const level of levels) {
    const here = [...counts].filter(([cell]) => resolutionOf(cell) === level.resolution);
    for (const [cell, count] of here) count.clipped = Math.min(limitOf(cell, level, counts), count.unclipped);
    if (level === levels.at(-1)) break;
    for (const [cell, count] of here) add(parentCell(cell, level.resolution - 1), count.clipped);
  }
  return { scaleOf: (cell) => scaleOf(cell, levels, counts) };
}

function limitOf(cell: bigint, level: DensityTable[number], counts: ReadonlyMap<bigint, CellCount>): number {
  const { neighbours, target, maximum } = level;
  const disk = gridDisk(cell.toString(16), 1).map((text) => counts.get(BigInt(`0x${text}`))?.unclipped ?? 0);
  const occupied = disk.filter((hotspots) => hotspots >= target).length;
  return Math.min(maximum, target * Math.max(1, occupied - neighbours + 1));
}

function scaleOf(cell: bigint, levels: DensityTable, counts: ReadonlyMap<bigint, CellCount>): number {
  let numerator = BigInt(FULL_SCALE);
  let denominator = 1n;
  for (const { resolution } of levels) {
    if (resolution > resolutionOf(cell)) continue;
    const count = counts.get(parentCell(cell, resolution));
    if (!count) continue;
    numerator *= BigInt(count.clipped);
    denominator *= BigInt(count.unclipped);
  }
  return Number((2n * numerator + denominator) / (2n * denominator));
}
