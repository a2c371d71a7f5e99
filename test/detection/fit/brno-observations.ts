import { greatCircleDistance } from 'h3-js';
import type { Place } from '../../replay/links-csv.ts';
import { BRNO_EIRP_DBM, type Brno, type TestPoint } from '../real/brno.ts';
import type { HeardPair } from './hearing.ts';
import type { Observation, TobitFit } from './tobit.ts';

/** Every pair of test point and gateway, heard or not. Receivers are numbered in the order of `brno.gateways`. */
export function brnoObservations(brno: Brno, points: readonly TestPoint[] = brno.points): readonly Observation[] {
  return points.flatMap(({ place, heard }) => {
    const levels = new Map(heard.map((one) => [one.gateway, one.espDbm]));
    return [...brno.gateways].map(([name, gateway], receiver): Observation => {
      const espDbm = levels.get(name);
      return { receiver, log10Km: log10KmBetween(place, gateway), ...(espDbm === undefined ? {} : { espDbm }) };
    });
  });
}

/** The same pairs packet by packet, with what a fit with an intercept for each receiver expects of each. */
export function brnoPairs(brno: Brno, fit: TobitFit): readonly HeardPair[] {
  return brno.points.flatMap(({ heard, packets, place }) => {
    const losses = new Map(heard.map(({ gateway, espsDbm }) => [gateway, espsDbm.map((esp) => BRNO_EIRP_DBM - esp)]));
    return [...brno.gateways].map(([name, gateway], receiver): HeardPair => {
      const slopeDb = 10 * fit.exponent * log10KmBetween(place, gateway);
      const expectedDbm = (fit.interceptsDbm[receiver] ?? fit.interceptDbm) - slopeDb;
      return { packets, lossesDb: losses.get(name) ?? [], expectedLossDb: BRNO_EIRP_DBM - expectedDbm };
    });
  });
}

/** Nearer than 50 m counts as 50 m. */
function log10KmBetween(a: Place, b: Place): number {
  return Math.log10(Math.max(0.05, greatCircleDistance([a.latitude, a.longitude], [b.latitude, b.longitude], 'km')));
}
