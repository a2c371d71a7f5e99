import { BEACON_FRAME_BYTES, type BeaconChoices } from './beacon.ts';
import type { Timing } from './records.ts';
import { legalSpreadingFactors, REGION_PLANS } from './region-plans.ts';
import type { ParticipantKind, RadioDeclaration } from './reports.ts';
import { slotsPerRound } from './time-grid.ts';

/** Survey devices send about every 30 s: SF7–SF9 keep that within the 1 % duty cycle of EU868. */
export const SURVEY_SPREADING_FACTORS: readonly number[] = Object.freeze([7, 8, 9]);

export interface ChoiceInputs {
  readonly kind: ParticipantKind;
  /** The assertion (hotspot) or chain anchor (survey device) in force. */
  readonly radio: RadioDeclaration;
  readonly timing: Pick<Timing, 'slotMs' | 'roundMs'>;
}

/**
 * What a sender's derived parameters are chosen from; bridge and oracle both take it from here. Channels of its plan;
 * spreading factors legal for the plan's dwell time whose airtime fits a slot, SF7–SF9 for a survey device; the declared
 * conducted levels whose EIRP the plan allows. Undefined when nothing legal is left: such a radio may not beacon.
 */
export function findBeaconChoices(inputs: ChoiceInputs): BeaconChoices | undefined {
  const { kind, radio, timing } = inputs;
  const plan = REGION_PLANS[radio.regionPlan];
  if (!plan.beaconingAllowed) return undefined;
  const legal = legalSpreadingFactors(plan, BEACON_FRAME_BYTES, timing.slotMs * 1000);
  const spreadingFactors =
    kind === 'survey_device' ? legal.filter((factor) => SURVEY_SPREADING_FACTORS.includes(factor)) : legal;
  const powerLevelsDdbm = radio.txPowerLevelsDdbm.filter((level) => level + radio.antennaGainDdbi <= plan.maxEirpDdbm);
  if (spreadingFactors.length === 0 || powerLevelsDdbm.length === 0) return undefined;
  return { slotsPerRound: slotsPerRound(timing), channelsHz: plan.beaconChannelsHz, spreadingFactors, powerLevelsDdbm };
}
