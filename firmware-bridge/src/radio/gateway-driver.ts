import type { Ddb, Ddbm, GatewayInterface, Hertz, UnixMs } from '../protocol/index.ts';
import type { GatewayEui } from './gateway-eui.ts';

/** One LoRa frame with a good CRC, as a gateway forwarded it. Nothing here is evidence: a gateway can say anything. */
export interface ReceivedFrame {
  readonly eui: GatewayEui;
  readonly phyPayload: Uint8Array;
  /** Centre of the receiving channel, not a measurement. */
  readonly frequencyHz: Hertz;
  readonly spreadingFactor: number;
  readonly bandwidthHz: Hertz;
  /** Each RSSI convention the gateway gave; at least one is there. Signal RSSI is the better one where both are. */
  readonly rssiChannelDdbm?: Ddbm;
  readonly rssiSignalDdbm?: Ddbm;
  readonly snrDdb: Ddb;
  /** When the frame reached the bridge, by the bridge's clock. */
  readonly receivedAtMs: UnixMs;
  /** The concentrator's microsecond counter at the end of reception, unwrapped from 32 bits. */
  readonly gatewayTimeUs: number;
  /** Nanoseconds since the last GPS pulse. */
  readonly fineTimeNs?: number;
  /** Nanoseconds since 1980-01-06, GPS time; present only when the gateway has GPS time. */
  readonly gpsTimeNs?: bigint;
  readonly frequencyOffsetHz?: number;
  readonly antennaIndex?: number;
}

/** What a gateway says about itself from time to time. Counts are since its previous status. */
export interface GatewayReading {
  readonly eui: GatewayEui;
  readonly receivedAtMs: UnixMs;
  readonly framesReceived?: number;
  readonly framesSent?: number;
  /** Untrusted text, at most 64 bytes of UTF-8, no control characters; empty when the gateway does not tell. */
  readonly gatewaySoftware: string;
  /** Tenths of °C; absent without a sensor or when the number cannot be a temperature. */
  readonly temperatureDc?: number;
  /** Whether frames lately carried GPS time. A position in the status is never proof of it. */
  readonly gpsLock: boolean;
}

/** What the bridge can rely on a gateway for, now. */
export interface GatewayState {
  readonly eui: GatewayEui;
  readonly gatewayInterface: GatewayInterface;
  /** Whether it can send a beacon that other gateways hear, by its interface and its settings. */
  readonly canTransmit: boolean;
  /** Whether a transmission could be handed to it right now. */
  readonly connected: boolean;
  readonly lastSeenMs: UnixMs;
  /** Conducted powers it has shown it can produce, ascending; grows with use. */
  readonly powerLevelsDdbm: readonly Ddbm[];
}

/** Things an owner should know; each is told once per gateway until it changes. */
export const GATEWAY_WARNINGS = ['unknown_gateway', 'remote_gateway', 'position_without_gps_time'] as const;
export type GatewayWarningKind = (typeof GATEWAY_WARNINGS)[number];

export interface GatewayWarning {
  readonly kind: GatewayWarningKind;
  readonly eui: GatewayEui;
  /** What it means and what to do. */
  readonly advice: string;
}

/** Called synchronously, in order of arrival; must not throw. */
export interface GatewayListener {
  frameReceived(frame: ReceivedFrame): void;
  gatewaySeen(eui: GatewayEui): void;
  gatewayLost(eui: GatewayEui): void;
  statusReceived(reading: GatewayReading): void;
  warned(warning: GatewayWarning): void;
}

/** A frame to send at once: non-inverted IQ, CRC on, explicit header, CR 4/5, so that other gateways receive it. */
export interface TransmitRequest {
  readonly phyPayload: Uint8Array;
  readonly frequencyHz: Hertz;
  readonly spreadingFactor: number;
  readonly bandwidthHz: Hertz;
  /** Conducted, at the antenna connector. */
  readonly txPowerDdbm: Ddbm;
  /** Conducted; never asked to exceed it, and refused when the gateway is known to be unable to stay below. */
  readonly maxTxPowerDdbm: Ddbm;
}

/** Why a frame was not sent, or may not have been. A closed list. */
export const TRANSMIT_REFUSALS = [
  'unknown_gateway',
  'cannot_transmit',
  'not_connected',
  'invalid_request',
  'too_large',
  'busy',
  'network',
  'no_answer',
  'tx_freq',
  'tx_power',
  'too_late',
  'too_early',
  'collision',
  'gps_unlocked',
  'gateway_error',
  'stopped',
] as const;
export type TransmitRefusal = (typeof TRANSMIT_REFUSALS)[number];

export type TransmitResult =
  | {
      /** The gateway took the frame into its queue; a failure after that is invisible. */
      readonly outcome: 'sent';
      /** When the frame was handed over, by the bridge's clock; on the air 0.1 s (sx1302) or 1 s (sx1301) later. */
      readonly sentAtMs: UnixMs;
      /** Conducted; absent when the gateway does not tell. May be above what was asked: see `maxTxPowerDdbm`. */
      readonly actualPowerDdbm?: Ddbm;
      readonly gatewayTimeUs?: number;
    }
  | {
      readonly outcome: 'refused';
      readonly reason: TransmitRefusal;
      /** What an owner can do. */
      readonly advice: string;
      /** True when the frame may be on the air all the same. */
      readonly maybeSent: boolean;
    };

/** One way to speak to gateways. One driver serves any number of them. */
export interface GatewayDriver {
  /** Rejects when the driver cannot work at all (port in use, unsafe address); the error says what to do. */
  start(listener: GatewayListener): Promise<void>;
  /** Resolves when nothing is open any more; pending transmissions end as `stopped`. */
  stop(): Promise<void>;
  /** Never rejects: "no" is a value. */
  transmit(eui: GatewayEui, request: TransmitRequest): Promise<TransmitResult>;
  /** Gateways with settings that were seen since the start. */
  gateways(): readonly GatewayState[];
  /** How often something was dropped since the process began, by reason. */
  refusals(): ReadonlyMap<string, number>;
}
