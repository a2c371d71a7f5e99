import type { Ddbm, LocationAssertion } from '@sextant/firmware-bridge/protocol';
import type { DistanceInterval } from '../../geometry/distance-interval.ts';
import type { JudgedTransmission, LinkContext } from '../context.ts';

/** A link's context with the round it is judged under. */
export type LinkInputs = LinkContext & { readonly round: number };

/** A link between a transmission and a witness that has a place. */
export type PairedLink = LinkInputs & {
  readonly transmission: JudgedTransmission;
  readonly assertion: LocationAssertion;
};

/** A link of two known places and one measured power. */
export type PlacedLink = PairedLink & {
  readonly distance: DistanceInterval;
  readonly espDdbm: Ddbm;
};

/** Highest the witness's antenna can be said to be above the sea, metres: its altitude, at least its mast. */
export function horizonHeightM(assertion: Pick<LocationAssertion, 'altitudeMslM' | 'antennaAglM'>): number {
  return Math.max(assertion.altitudeMslM, assertion.antennaAglM);
}
