import type { Timing } from '@sextant/firmware-bridge/protocol';
import type { TimingProfile } from './core/index.ts';
import type { HttpServerOptions } from './http/index.ts';
import type { EmbeddedBrokerOptions } from './intake/index.ts';

/** What an oracle is started with. */
export interface OracleOptions {
  /** Keys, log, database and archive lie below it. */
  readonly dataDirectory: string;
  /** What a log that is still empty begins with. */
  readonly newNetwork: NewNetworkOptions;
  readonly broker: OracleBroker;
  /** How bridges reach the broker, when not by host and port of this machine. */
  readonly mqttUrl?: string;
  readonly http: Pick<HttpServerOptions, 'host' | 'port' | 'trustProxy' | 'joinRate'>;
  /** PostgreSQL of the operator's; absent: a private one in the data folder. */
  readonly databaseUrl?: string;
  /** Folder of the built website. */
  readonly siteFolder?: string;
  /** Signature worker threads. */
  readonly workers: number;
  /** A survey device's grant lasts this many epochs. */
  readonly surveyGrantEpochs: number;
}

/** The broker in this process, or one that an operator runs. */
export type OracleBroker =
  | ({ readonly kind: 'embedded' } & Pick<EmbeddedBrokerOptions, 'host' | 'port' | 'tls'>)
  | { readonly kind: 'emqx'; readonly url: string; readonly secret: string }
  | { readonly kind: 'mosquitto'; readonly url: string; readonly username: string; readonly password: string };

export interface NewNetworkOptions {
  readonly networkId: string;
  readonly ruleSet: number;
  readonly timing: TimingProfile;
  /** Start of round 0 from now, milliseconds; negative: it began before. Absent: the last midnight UTC. */
  readonly genesisInMs?: number;
  /** EVM address the validator's rewards go to, 20 bytes. */
  readonly owner: Uint8Array;
}

const DAY_MS = 86_400_000;

/** The time grid of a network that begins now. */
export function timingOfNewNetwork(options: NewNetworkOptions, nowMs: number): Timing {
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const genesisMs = options.genesisInMs === undefined ? midnight : nowMs + options.genesisInMs;
  return { ...options.timing, genesisMs: genesisMs as Timing['genesisMs'] };
}
