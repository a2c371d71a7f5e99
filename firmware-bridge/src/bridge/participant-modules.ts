import type { Logger } from 'pino';
import type { PositionSource } from '../beaconing/position-source.ts';
import type { RoundBook } from '../beaconing/round-book.ts';
import type { Clock } from '../clock.ts';
import type { ParticipantKeys } from '../keys/participant-keys.ts';
import type { NetworkFacts, PinnedValidator } from '../network/network-facts.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { VerifySignature } from '../protocol/index.ts';
import type { GatewayDriver } from '../radio/gateway-driver.ts';
import type { RandomSource } from '../random.ts';
import type { SurveyDeviceOptions } from './participant-options.ts';

/** What all participants of one bridge share. */
interface SharedModules {
  readonly facts: NetworkFacts;
  readonly driver: GatewayDriver;
  readonly outbox: Outbox;
  readonly rounds: RoundBook;
  /** The protocol's time. */
  readonly clock: Clock;
  /** Real time, for the transport. */
  readonly timers: Clock;
  readonly random: RandomSource;
  readonly verify: VerifySignature;
  readonly logger: Logger;
  readonly createPositionSource: (options: SurveyDeviceOptions) => PositionSource;
  /** A validator's broker keeps refusing a login: somebody should find out why and say it. */
  readonly onLoginRefused: (validator: PinnedValidator, participantId: string) => void;
  /** Brings a login token to a broker that cannot judge it; absent = there is no such broker. */
  readonly bringToken?: (participantId: string, token: string) => Promise<void>;
  readonly onEpoch: (summary: Uint8Array) => void;
}

export interface ParticipantModules extends SharedModules {
  readonly keys: ParticipantKeys;
}

export interface SharedOptions {
  readonly statusIntervalMs: number;
  readonly flushDelayMs: number;
  readonly maxInFlight: number;
  /** PEM of the brokers' authority; absent = the system's authorities. */
  readonly ca?: Buffer;
}
