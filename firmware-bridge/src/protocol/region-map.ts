import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from './bytes.ts';
import { PLAN_SETS, RUNS } from './generated/region-map.ts';
import { REGION_PLAN_NAMES } from './region-plans.ts';
import { REGION_PLAN_CODES, type RegionPlanName } from './reports.ts';

/** The H3 resolution the map is kept at: cells of about 12,400 km². */
export const REGION_MAP_RESOLUTION = 3;
const BASE_CELLS = 122;
const CHILDREN = 7;
/** One slot a cell, in the order of the index digits; the few that pentagons leave out are never asked for. */
export const REGION_MAP_SLOTS = BASE_CELLS * CHILDREN ** REGION_MAP_RESOLUTION;

/**
 * The slot of a cell of resolution 3 or finer, read from the bits of its index; undefined for anything else.
 * Source: H3, "H3 index representations", cell mode: resolution in bits 52–55, base cell in 45–51, then 3 bits a digit.
 */
export function regionSlot(cell: bigint): number | undefined {
  const bits = (from: bigint, mask: bigint): number => Number((cell >> from) & mask);
  const baseCell = bits(45n, 0x7fn);
  const digits = [bits(42n, 7n), bits(39n, 7n), bits(36n, 7n)];
  const isCell = bits(59n, 0x1fn) === 1 && bits(52n, 0xfn) >= REGION_MAP_RESOLUTION && baseCell < BASE_CELLS;
  if (!isCell || digits.some((digit) => digit >= CHILDREN)) return undefined;
  return digits.reduce((slot, digit) => slot * CHILDREN + digit, baseCell);
}

/**
 * The plans that public lists name for the countries a place lies in or near, or undefined where they know nothing (the
 * sea, and countries without a list): there any plan passes. Near = in the same cell of resolution 3. Which lists and
 * borders: region-map/country-plans.ts and country-shapes.ts.
 */
export function regionPlansAt(cell: bigint): readonly RegionPlanName[] | undefined {
  const slot = regionSlot(cell);
  const set = slot === undefined ? undefined : SETS[SET_AT[slot] ?? 0];
  return set === undefined || set.length === 0 ? undefined : set;
}

/** SHA-256 of the map's data: whoever judges by it names it. 32 bytes. */
export const REGION_MAP_ID: Uint8Array = sha256(utf8ToBytes(JSON.stringify([PLAN_SETS, RUNS])));

/** Whether nothing is known against using a plan at a place. */
export function isPlanAllowedAt(plan: RegionPlanName, cell: bigint): boolean {
  return regionPlansAt(cell)?.includes(plan) ?? true;
}

const SETS: readonly (readonly RegionPlanName[])[] = PLAN_SETS.map((codes) => {
  const wanted = codes === '' ? [] : codes.split(' ').map(Number);
  return Object.freeze(REGION_PLAN_NAMES.filter((name) => wanted.includes(REGION_PLAN_CODES[name])));
});

const SET_AT: Uint8Array = expandRuns();

function expandRuns(): Uint8Array {
  const sets = new Uint8Array(REGION_MAP_SLOTS);
  const tokens = RUNS.split(' ').map((token) => Number.parseInt(token, 36));
  let slot = 0;
  for (let i = 0; i + 1 < tokens.length; i += 2) {
    const end = slot + (tokens[i + 1] ?? 0);
    sets.fill(tokens[i] ?? 0, slot, end);
    slot = end;
  }
  return sets;
}
