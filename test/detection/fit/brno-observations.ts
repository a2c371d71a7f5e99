import { greatCircleDistance } from 'h3-js';
import type { Brno, TestPoint } from '../real/brno.ts';
import type { Observation } from './tobit.ts';

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
