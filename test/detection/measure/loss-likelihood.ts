import { logCumulative, logDensity } from '../fit/normal.ts';
import type { shadowlessLoss } from '../worlds/radio-law.ts';
import { CLUTTER_SIGMA_DB, INDOOR_SHARE, INDOOR_WALLS_DB } from '../worlds/site.ts';

/** Over more loss less than one beacon in a hundred is heard: none or one of a week's. What is below is known to few decibels by a week's. */
export const HEARD_BELOW_DB = 165;
/** Where the law of a world draws no shadows any more, since nobody can hear anybody. */
export const LEAST_SIGMA_DB = 4.5;

/** What may be lost about the antenna of some hotspot, in steps, and how common that is in a world. */
export const CLUTTER = Array.from({ length: 13 }, (_, i) => {
  const clutterDb = 2 * i - 6;
  const [least, most] = INDOOR_WALLS_DB;
  const indoors = Array.from({ length: 11 }, (_, j) => densityAbout(least + (j * (most - least)) / 10, clutterDb));
  const share = (1 - INDOOR_SHARE) * densityAbout(0, clutterDb) + INDOOR_SHARE * mean(indoors);
  return { clutterDb, logShare: Math.log(share) };
});

function densityAbout(wallsDb: number, clutterDb: number): number {
  return Math.exp(logDensity((clutterDb - wallsDb) / CLUTTER_SIGMA_DB));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** What is known of a loss but for the shadows. */
export type ShadowlessLoss = ReturnType<typeof shadowlessLoss>;

/** Of a loss that is measured, or too great to be; the latter says no more than that. */
export function logLikelihood(lossDb: number, { medianDb, sigmaDb }: ShadowlessLoss): number {
  const sigma = Math.max(LEAST_SIGMA_DB, sigmaDb);
  if (lossDb >= HEARD_BELOW_DB) return logCumulative((medianDb - HEARD_BELOW_DB) / sigma);
  return logDensity((lossDb - medianDb) / sigma) - Math.log(sigma);
}
