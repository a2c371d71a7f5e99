import { REGION_MAP_RESOLUTION, type RegionPlanName, regionSlot } from '@sextant/firmware-bridge/protocol';
import { cellToParent, latLngToCell } from 'h3-js';
import { COUNTRY_PLANS } from './country-plans.ts';
import { type CountryShape, type Ring, readCountryShapes } from './country-shapes.ts';

/** Degrees between samples of an area: a cell of resolution 3 is more than 0.8° of latitude wide, so none is missed. */
const AREA_STEP_DEGREES = 0.3;
const BORDER_STEP_DEGREES = 0.02;
/** Borders are followed at this resolution, so that a cell belongs to its parent as an assertion's cell does. */
const SAMPLE_RESOLUTION = 9;

/**
 * For every slot of the region map the plans of all countries that touch it, in the order of the wire codes. A slot
 * without land, or that a country without a list touches, is missing: anything passes there.
 */
export function regionCells(): Map<number, readonly RegionPlanName[]> {
  const plansById = new Map(
    COUNTRY_PLANS.flatMap(({ plans, countries }) => Object.keys(countries).map((id) => [id, plans] as const)),
  );
  const cells = new Map<number, Set<RegionPlanName>>();
  const open = new Set<number>();
  for (const shape of readCountryShapes()) {
    const plans = plansById.get(shape.id);
    for (const slot of slotsOf(shape)) {
      if (plans === undefined) open.add(slot);
      else cells.set(slot, new Set([...(cells.get(slot) ?? []), ...plans]));
    }
  }
  for (const slot of open) cells.delete(slot);
  return new Map([...cells].map(([slot, plans]) => [slot, [...plans]]));
}

function slotsOf(shape: CountryShape): Set<number> {
  const slots = new Set<number>();
  for (const rings of shape.polygons) {
    for (const ring of rings) followBorder(ring, slots);
    fill(rings, slots);
  }
  return slots;
}

function followBorder(ring: Ring, slots: Set<number>): void {
  ring.forEach(([x0, y0], i) => {
    const [x1, y1] = ring[(i + 1) % ring.length] ?? [x0, y0];
    const steps = Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) / BORDER_STEP_DEGREES);
    for (let step = 0; step < steps; step++) {
      mark(x0 + ((x1 - x0) * step) / steps, y0 + ((y1 - y0) * step) / steps, slots);
    }
  });
}

/** Scan lines, even-odd over the outer ring and its holes. */
function fill(rings: readonly Ring[], slots: Set<number>): void {
  const latitudes = rings.flatMap((ring) => ring.map(([, y]) => y));
  const lowest = latitudes.reduce((a, b) => Math.min(a, b), 90);
  const highest = latitudes.reduce((a, b) => Math.max(a, b), -90);
  // Half a step off the grid: no vertex of quantised data lies on a scan line.
  const first = Math.ceil(lowest / AREA_STEP_DEGREES) + 0.5;
  for (let row = first; row * AREA_STEP_DEGREES < highest; row++) {
    const latitude = row * AREA_STEP_DEGREES;
    const crossings = rings.flatMap((ring) => crossingsAt(ring, latitude)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const [from, until] = [crossings[i] ?? 0, crossings[i + 1] ?? 0];
      for (let longitude = from; longitude < until; longitude += AREA_STEP_DEGREES) mark(longitude, latitude, slots);
    }
  }
}

function crossingsAt(ring: Ring, latitude: number): number[] {
  return ring.flatMap(([x0, y0], i) => {
    const [x1, y1] = ring[(i + 1) % ring.length] ?? [x0, y0];
    return y0 > latitude === y1 > latitude ? [] : [x0 + ((x1 - x0) * (latitude - y0)) / (y1 - y0)];
  });
}

const slotByCell = new Map<string, number | undefined>();

function mark(longitude: number, latitude: number, slots: Set<number>): void {
  const wrapped = ((((longitude + 180) % 360) + 360) % 360) - 180;
  const cell = cellToParent(latLngToCell(latitude, wrapped, SAMPLE_RESOLUTION), REGION_MAP_RESOLUTION);
  if (!slotByCell.has(cell)) slotByCell.set(cell, regionSlot(BigInt(`0x${cell}`)));
  const slot = slotByCell.get(cell);
  if (slot !== undefined) slots.add(slot);
}
