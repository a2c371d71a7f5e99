import type { LocationView, PlaceCellView } from '@sextant/oracle/api';
import { cellBoundary } from '@sextant/oracle/tiles';
import { cellToParent, gridDisk, gridPathCells } from 'h3-js';
import type { FixtureHotspot, FixtureWorld } from './fixture-world.ts';

const placeCell = (cell: string): PlaceCellView => ({ cell, boundary: cellBoundary(BigInt(`0x${cell}`)) });

const LINKS = 6;

/** Cheats claim a place that their links speak against; everybody else is where they say. */
export function fixtureLocation(hotspot: FixtureHotspot, world: FixtureWorld, epoch: number): LocationView {
  const { id, name, cell, cheats } = hotspot;
  const others = world.hotspots.filter((other) => other !== hotspot).slice(0, LINKS);
  const likeliest = cheats ? farCell(hotspot, world) : cellToParent(cell, 8);
  const gapMicronats = cheats ? 9_400_000 : 60_000;
  return {
    hotspot: { id, name },
    epoch,
    ...placeCell(cell),
    outcome: cheats ? 'insufficient' : 'valid',
    reason: cheats ? 'location_doubted' : 'none',
    checks: [
      {
        check: 'likelihood_gap',
        observed: gapMicronats,
        limit: 6_900_000,
        margin: 6_900_000 - gapMicronats,
        unit: 'micronat',
      },
    ],
    gapMicronats,
    likeliest: placeCell(likeliest),
    region: gridDisk(likeliest, cheats ? 2 : 1).map(placeCell),
    witnesses: 12,
    witnessTrust: 92_400,
    trust: cheats ? 3_300 : 10_000,
    doubtfulEpochs: cheats ? 2 : 0,
    links: others.map((other, i) => {
      const residualDdb = cheats ? (RESIDUALS[i] ?? 0) : 12 * i - 30;
      return {
        other: { id: other.id, name: other.name },
        ...placeCell(other.cell),
        kind: i === LINKS - 1 ? 'silent' : i % 2 === 0 ? 'sent' : 'heard',
        lossDdb: 1_300 - residualDdb,
        expectedLossDdb: 1_300,
        residualDdb,
        weight: 10_000 - 1_000 * i,
        againstMicronats: cheats ? 2_000_000 - 300_000 * i : -40_000,
      };
    }),
    accusations: cheats
      ? [
          {
            code: 'residual_spread_narrow',
            epoch,
            epochs: 2,
            accused: false,
            strength: 10_000,
            endsEpoch: epoch + 1,
            reviewEpochs: 7,
            checks: [{ check: 'residual_spread', observed: 14, limit: 20, margin: -6, unit: 'ddB' }],
          },
        ]
      : [],
  };
}

const RESIDUALS = [312, -204, 61, 188, -33, -260];

/** Of resolution 8, some 9 km from the claim in the direction of another hotspot. */
function farCell({ cell, centre }: FixtureHotspot, { hotspots }: FixtureWorld): string {
  const [farthest] = [...hotspots].sort(
    (a, b) =>
      Math.hypot(b.centre[0] - centre[0], b.centre[1] - centre[1]) -
      Math.hypot(a.centre[0] - centre[0], a.centre[1] - centre[1]),
  );
  const path = gridPathCells(cellToParent(cell, 8), cellToParent(farthest?.cell ?? cell, 8));
  return path[Math.min(11, path.length - 1)] ?? cellToParent(cell, 8);
}
