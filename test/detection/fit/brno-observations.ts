import { greatCircleDistance } from 'h3-js';
import { BRNO_EIRP_DBM, type Brno, type TestPoint } from '../real/brno.ts';
import type { HeardPair } from './hearing.ts';
import type { Observation, TobitFit } from './tobit.ts';

/** Every pair of test point and gateway, heard or not. Receivers are numbered in the order of `brno.gateways`. */
export function brnoObservations(brno: Brno, points: readonly TestPoint[] = brno.points): readonly Observation[] {
  return points.flatMap(({ place, heard }) => {
    const levels = new Map(heard.map((one) => [one.gateway, one.espDbm]));
    return [...brno.gateways].map(([name, gateway], receiver): Observation => {
      const km = greatCircleDistance([place.latitude, place.longitude], [gateway.latitude, gateway.longitude], 'km');
      const espDbm = levels.get(name);
      const log10Km = Math.log10(Math.max(0.05, km));
      return { receiver, log10Km, ...(espDbm === undefined ? {} : { espDbm }) };
    });
  });
}

/** The same pairs packet by packet, with what a fit with an intercept for each receiver expects of each. */
export function brnoPairs(brno: Brno, fit: TobitFit): readonly HeardPair[] {
  const names = [...brno.gateways.keys()];
  const observations = brnoObservations(brno);
  return brno.points.flatMap(({ heard, packets }, point) => {
    const losses = new Map(heard.map(({ gateway, espsDbm }) => [gateway, espsDbm.map((esp) => BRNO_EIRP_DBM - esp)]));
    return names.map((name, receiver): HeardPair => {
      const log10Km = observations[point * names.length + receiver]?.log10Km ?? 0;
      const expectedDbm = (fit.interceptsDbm[receiver] ?? fit.interceptDbm) - 10 * fit.exponent * log10Km;
      return { packets, lossesDb: losses.get(name) ?? [], expectedLossDb: BRNO_EIRP_DBM - expectedDbm };
    });
  });
}
