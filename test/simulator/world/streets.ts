import type { Place } from './place.ts';
import type { Random } from './random.ts';

/** Blocks of the street grid. */
const BLOCK_M = 250;

export interface Car {
  readonly place: Place;
  readonly speedMps: number;
}

/**
 * A car that drives a street grid within `radiusM` of the centre: straight on mostly, a turn at some crossings, back
 * towards the centre at the edge. `at(ms)` may be asked for any later moment; it drives there.
 */
export function createDrive(radiusM: number, startMs: number, random: Random): (atMs: number) => Car {
  const crossing = (): number => Math.round(random.between(-0.7, 0.7) * (radiusM / BLOCK_M));
  let east = crossing();
  let north = crossing();
  let heading = random.below(4);
  let alongM = 0;
  let lastMs = startMs;
  const speedMps = random.between(8, 14);

  const turn = (): void => {
    if (random.next() < 0.35) heading = (heading + (random.next() < 0.5 ? 1 : 3)) % 4;
    if (Math.hypot(east, north) * BLOCK_M > radiusM) heading = headingHome(east, north);
  };
  const [stepEast, stepNorth] = [
    [1, 0, -1, 0],
    [0, 1, 0, -1],
  ] as const;

  return (atMs) => {
    alongM += (Math.max(0, atMs - lastMs) / 1000) * speedMps;
    lastMs = Math.max(lastMs, atMs);
    while (alongM >= BLOCK_M) {
      alongM -= BLOCK_M;
      east += stepEast[heading] as number;
      north += stepNorth[heading] as number;
      turn();
    }
    const eastM = east * BLOCK_M + (stepEast[heading] as number) * alongM;
    const northM = north * BLOCK_M + (stepNorth[heading] as number) * alongM;
    return { place: { eastM, northM }, speedMps };
  };
}

function headingHome(east: number, north: number): number {
  if (Math.abs(east) > Math.abs(north)) return east > 0 ? 2 : 0;
  return north > 0 ? 3 : 1;
}
