import { REGION_MAP_SLOTS, REGION_PLAN_CODES, type RegionPlanName } from '@sextant/firmware-bridge/protocol';

/**
 * The source file of the region map: the distinct plan sets as wire codes, and runs of slots over them. A run is the
 * index of its set and its length, both base 36; set 0 is "anything".
 */
export function writeRegionMap(cells: ReadonlyMap<number, readonly RegionPlanName[]>): string {
  const codesAt = (slot: number): string =>
    (cells.get(slot) ?? [])
      .map((plan) => REGION_PLAN_CODES[plan])
      .sort((a, b) => a - b)
      .join(' ');
  const slots = Array.from({ length: REGION_MAP_SLOTS }, (_, slot) => codesAt(slot));
  const sets = [...new Set(['', ...slots.toSorted((a, b) => (a < b ? -1 : Number(a > b)))])];
  return [
    '// Made by firmware-bridge/region-map/build.ts (npm run build:region-map). Do not edit.',
    `export const PLAN_SETS = ${JSON.stringify(sets)};`,
    `export const RUNS = ${JSON.stringify(runs(slots.map((codes) => sets.indexOf(codes))))};`,
    '',
  ].join('\n');
}

function runs(values: readonly number[]): string {
  const tokens: string[] = [];
  for (let start = 0; start < values.length; ) {
    const value = values[start] ?? 0;
    let end = start;
    while (end < values.length && values[end] === value) end++;
    tokens.push(value.toString(36), (end - start).toString(36));
    start = end;
  }
  return tokens.join(' ');
}
