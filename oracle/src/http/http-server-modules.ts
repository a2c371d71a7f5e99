import type { Clock } from '@sextant/firmware-bridge/clock';
import type { ParticipantKind, Timing } from '@sextant/firmware-bridge/protocol';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ChainView, ValidatorView } from '../api/index.ts';
import type { BucketRate } from '../intake/token-bucket.ts';
import type { EpochArchive } from '../judge/index.ts';
import type { LogReader } from '../ledger/index.ts';
import type { Schema } from '../store/index.ts';
import type { JoinDesk } from '../validator/join-desk.ts';
import type { AppOptions } from './create-app.ts';
import type { LiveHubOptions } from './live/live-hub.ts';
import type { BrokerQuestions, OpenBrokerSession } from './routes/broker-routes.ts';
import type { HealthProbes } from './routes/health-routes.ts';

/** What never changes about the network, and where its brokers are. */
export interface NetworkFacts {
  readonly networkId: string;
  readonly ruleSet: number;
  /** 32 bytes. */
  readonly ruleSetId: Uint8Array;
  readonly timing: Timing;
  readonly validators: readonly ValidatorView[];
}

export interface HttpServerOptions extends AppOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly network: NetworkFacts;
  /** The folder with the log's `checkpoint` and `tile/`. */
  readonly logFolder: string;
  /** What an external broker that asks about logins must know. Absent: nobody may ask. */
  readonly brokerSecret?: string;
  /** How often one address may try to join; `JOIN_RATE` unless given. */
  readonly joinRate?: BucketRate;
  /** What differs from `LIVE_HUB_DEFAULTS`. */
  readonly live?: Partial<LiveHubOptions>;
}

/** Which keys are known, as the log says. */
export interface ParticipantDirectory {
  find(key: Uint8Array): { readonly kind: ParticipantKind } | undefined;
}

export interface HttpServerModules {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Lower-case letters and digits drawn when the process starts: ids of live events of another process mean nothing. */
  readonly instance: string;
  readonly db: Kysely<Schema>;
  readonly participants: ParticipantDirectory;
  readonly log: LogReader;
  readonly archive: Pick<EpochArchive, 'findSummary' | 'findVerdictLeaves'>;
  readonly joinDesk: JoinDesk;
  readonly health: HealthProbes;
  /** The chain that is settled on now; undefined while there is none. */
  readonly findChain?: () => ChainView | undefined;
  /** For an external broker that asks over HTTP. */
  readonly brokerQuestions?: BrokerQuestions;
  /** For a broker that needs an account before each login. */
  readonly openBrokerSession?: OpenBrokerSession;
}
