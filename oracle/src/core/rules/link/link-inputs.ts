import type { Ddbm, LocationAssertion, WitnessReport } from '@sextant/firmware-bridge/protocol';
import type { DistanceInterval } from '../../geometry/distance-interval.ts';
import type { RuleSet } from '../../ruleset/rule-set.ts';
import type { JudgedTransmission, LinkContext, TransmissionFacts } from '../context.ts';

/** A link's context with the round it is judged under. */
export type LinkInputs = LinkContext & { readonly round: number };

/** A link between a transmission and a witness that has a place. */
export type PairedLink = LinkInputs & {
  readonly transmission: JudgedTransmission;
  readonly assertion: LocationAssertion;
};

/** What radio has to say about a link: where the two are, what was sent, and what was measured. */
export interface RadioLink {
  readonly ruleSet: Pick<RuleSet, 'link'>;
  readonly distance: DistanceInterval;
  readonly espDdbm: Ddbm;
  readonly report: Pick<
    WitnessReport,
    'frequencyHz' | 'spreadingFactor' | 'bandwidthHz' | 'receivedAtMs' | 'rssiChannelDdbm' | 'rssiSignalDdbm' | 'snrDdb'
  >;
  readonly transmission: {
    readonly facts: Pick<
      TransmissionFacts,
      | 'senderKind'
      | 'frequencyHz'
      | 'spreadingFactor'
      | 'bandwidthHz'
      | 'sentAtMs'
      | 'airtimeMs'
      | 'eirpCeilingDdbm'
      | 'horizonHeightM'
    >;
  };
  readonly assertion: Pick<LocationAssertion, 'antennaGainDdbi' | 'antennaAglM' | 'altitudeMslM'>;
}

/** A link of two known places and one measured power. */
export type PlacedLink = PairedLink & RadioLink;

/** Highest the witness's antenna can be said to be above the sea, metres: its altitude, at least its mast. */
export function horizonHeightM(assertion: Pick<LocationAssertion, 'altitudeMslM' | 'antennaAglM'>): number {
  return Math.max(assertion.altitudeMslM, assertion.antennaAglM);
}
