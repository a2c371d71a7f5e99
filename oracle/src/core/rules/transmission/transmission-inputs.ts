import {
  type BeaconChoices,
  type BeaconParameters,
  type BeaconReport,
  type Ddbm,
  ddbm,
  type RadioDeclaration,
  type SurveyReport,
} from '@sextant/firmware-bridge/protocol';
import type { Participant, TransmissionContext } from '../context.ts';

/** A transmission's context with what beacons and surveys have in common under one name. */
export type TransmissionInputs = TransmissionContext & {
  readonly round: number;
  readonly radio?: RadioDeclaration;
  /** Where it was sent from: the asserted cell, or the survey's. */
  readonly senderCell?: bigint;
  readonly canTransmit: boolean;
  readonly granted: boolean;
  readonly choices?: BeaconChoices;
};

/** A transmission whose secret has been derived. */
export type OpenedTransmission = TransmissionInputs & {
  readonly participant: Participant;
  readonly radio: RadioDeclaration;
  readonly senderCell: bigint;
  readonly secret: Uint8Array;
  readonly parameters: BeaconParameters;
  /** The slot it was due in; for a survey device the slot it was sent in. */
  readonly slot: number;
};

/** What numbers a sender's links: a beacon's round, a survey transmission's index. */
export function ordinalOf(report: BeaconReport | SurveyReport): number {
  return report.kind === 'beacon' ? report.round : report.index;
}

/** The power the gateway says it used, else the power it was asked for. */
export function conductedPowerDdbm(report: BeaconReport | SurveyReport): Ddbm {
  return report.txPowerActualDdbm ?? report.txPowerRequestedDdbm;
}

export function highestLevelDdbm(radio: RadioDeclaration): Ddbm {
  return ddbm(Math.max(...radio.txPowerLevelsDdbm));
}
