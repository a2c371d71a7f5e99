import type { AccusationCode } from './accusations.ts';
import type { Ddb, Ddbi, Ddbm, Hertz, Metres, UnixMs } from './units.ts';

/** Closed lists: the wire numbers are stable for ever. */
export const GATEWAY_INTERFACES = { semtech_udp: 1, basics_station: 2, chirpstack: 3 } as const;
export type GatewayInterface = keyof typeof GATEWAY_INTERFACES;

export const REGION_PLAN_CODES = {
  EU868: 1,
  US915_FSB2: 2,
  AU915_FSB2: 3,
  AS923_1: 4,
  AS923_2: 5,
  AS923_3: 6,
  AS923_4: 7,
  IN865: 8,
  KR920: 9,
  RU864: 10,
  CN470: 11,
  EU433: 12,
} as const;
export type RegionPlanName = keyof typeof REGION_PLAN_CODES;

export const PARTICIPANT_KINDS = { hotspot: 1, survey_device: 2 } as const;
export type ParticipantKind = keyof typeof PARTICIPANT_KINDS;

export const GRANT_KINDS = { survey_device: 1, anchor: 2 } as const;
export type GrantKind = keyof typeof GRANT_KINDS;

/** What a transmission looked like, as its sender tells it. */
export interface Transmission {
  readonly phyPayload: Uint8Array;
  readonly frequencyHz: Hertz;
  readonly spreadingFactor: number;
  readonly bandwidthHz: Hertz;
  /** Conducted. */
  readonly txPowerRequestedDdbm: Ddbm;
  /** Conducted; absent = the gateway does not tell. */
  readonly txPowerActualDdbm?: Ddbm;
  readonly gatewayInterface: GatewayInterface;
  readonly sentAtMs: UnixMs;
  readonly gatewayTimeUs?: number;
  readonly gpsTimeNs?: bigint;
}

export interface BeaconReport extends Transmission {
  readonly kind: 'beacon';
  readonly round: number;
  readonly chainLink: Uint8Array;
}

export interface SurveyReport extends Transmission {
  readonly kind: 'survey';
  readonly index: number;
  readonly chainLink: Uint8Array;
  readonly round: number;
  /** H3, resolution 9. */
  readonly cell: bigint;
  readonly satellites: number;
  readonly hdopTenths: number;
  readonly speedDmps: number;
}

export interface WitnessReport {
  readonly kind: 'witness';
  readonly beaconTag: Uint8Array;
  readonly commitment: Uint8Array;
  readonly frequencyHz: Hertz;
  readonly spreadingFactor: number;
  readonly bandwidthHz: Hertz;
  /** At least one of the two RSSIs is there; which one a gateway gives is recorded, never guessed. */
  readonly rssiChannelDdbm?: Ddbm;
  readonly rssiSignalDdbm?: Ddbm;
  readonly snrDdb: Ddb;
  readonly receivedAtMs: UnixMs;
  readonly gatewayTimeUs: number;
  readonly fineTimeNs?: number;
  readonly gpsTimeNs?: bigint;
  readonly frequencyOffsetHz?: number;
  readonly antennaIndex?: number;
}

/** The radio a key declares: its plan, gain and the conducted powers it can really produce. */
export interface RadioDeclaration {
  readonly antennaGainDdbi: Ddbi;
  /** Ascending, no repeats. */
  readonly txPowerLevelsDdbm: readonly Ddbm[];
  readonly regionPlan: RegionPlanName;
}

export interface LocationAssertion extends RadioDeclaration {
  readonly kind: 'location_assertion';
  readonly number: number;
  /** H3, resolution 8, 9 or 10. */
  readonly cell: bigint;
  readonly antennaAglM: Metres;
  readonly altitudeMslM: Metres;
  readonly canTransmit: boolean;
  /** Absent exactly when `canTransmit` is false. */
  readonly chainAnchor?: Uint8Array;
  readonly firstRound: number;
}

export interface ChainAnchor extends RadioDeclaration {
  readonly kind: 'chain_anchor';
  readonly number: number;
  readonly chainAnchor: Uint8Array;
  readonly firstIndex: number;
}

export interface Successor {
  readonly kind: 'successor';
  readonly newKey: Uint8Array;
  /** EIP-712, r ‖ s ‖ v, 65 bytes. */
  readonly ownerSignature: Uint8Array;
  readonly newKeySignature: Uint8Array;
}

/** The owner contests an accusation of the key that signs. */
export interface Appeal {
  readonly kind: 'appeal';
  /** The code of the accusation. */
  readonly accusation: AccusationCode;
  /** The last epoch whose evidence bore it out. */
  readonly epoch: number;
  /** SHA-256 of what the owner has to say. */
  readonly statementHash?: Uint8Array;
  /** EIP-712, r ‖ s ‖ v, 65 bytes. */
  readonly ownerSignature: Uint8Array;
}

export interface GatewayStatus {
  readonly kind: 'gateway_status';
  readonly framesReceived: number;
  readonly framesSent: number;
  /** Untrusted text, at most 64 bytes of UTF-8. */
  readonly gatewaySoftware: string;
  /** Tenths of °C. */
  readonly temperatureDc?: number;
  readonly gpsLock: boolean;
  readonly clockOffsetMs?: number;
}

export type Report =
  | BeaconReport
  | WitnessReport
  | LocationAssertion
  | SurveyReport
  | Successor
  | GatewayStatus
  | ChainAnchor
  | Appeal;

export interface ReportBatch {
  /** ed25519 public key, 32 bytes. */
  readonly hotspot: Uint8Array;
  readonly incarnation: bigint;
  readonly sequence: number;
  readonly createdAtMs: UnixMs;
  readonly reports: readonly Report[];
}

export type PayloadKind = 'report_batch' | 'validator_record';

/** Bytes exactly as they travelled. */
export interface Envelope {
  readonly kind: PayloadKind;
  readonly payload: Uint8Array;
  readonly signer: Uint8Array;
  readonly signature: Uint8Array;
}
