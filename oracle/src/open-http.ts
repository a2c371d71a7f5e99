import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { bytesToHex, formatId, type Genesis } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ValidatorView } from './api/index.ts';
import {
  createHttpServer,
  type HealthProbes,
  type HttpServerModules,
  type HttpServerOptions,
  type LiveFeed,
  type NetworkFacts,
} from './http/index.ts';
import type { EpochArchive } from './judge/epoch-archive.ts';
import { logFolder, type OpenedLog } from './open-log.ts';
import type { OracleOptions } from './oracle-options.ts';
import type { Database } from './store/index.ts';
import type { Participants } from './validator/participants.ts';

const VERSION = '0.1.0';

export interface OpenHttpModules
  extends Pick<HttpServerModules, 'joinDesk' | 'findChain' | 'brokerQuestions' | 'openBrokerSession'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly opened: OpenedLog;
  readonly database: Database;
  readonly archive: EpochArchive;
  readonly participants: Participants;
  readonly health: HealthProbes;
  /** Where bridges reach the broker; it may be known only after the broker is open. */
  brokerUrl(): string;
}

export interface OpenedHttp {
  readonly port: number;
  /** Turns what is in the database into live events and tiles. */
  readonly feed: LiveFeed;
  stop(): Promise<void>;
}

/** Puts the HTTP server together and opens it. Throws HttpServerError with the next step. */
export async function openHttp(options: OracleOptions, modules: OpenHttpModules): Promise<OpenedHttp> {
  const { opened, database } = modules;
  const needsBrokerSession = options.broker.kind === 'mosquitto';
  const network = networkFacts(opened, () => ({ brokerUrl: modules.brokerUrl(), needsBrokerSession }));
  const instance = randomBytes(6).toString('hex');
  const server = await createHttpServer(serverOptions(options, network), {
    ...modules,
    instance,
    db: database.db,
    log: opened.ledger,
  });
  const { port } = await server.start();
  return { port, feed: server.feed, stop: () => server.stop() };
}

function serverOptions(options: OracleOptions, network: NetworkFacts): HttpServerOptions {
  const { http, broker, siteFolder, dataDirectory } = options;
  return {
    ...http,
    version: VERSION,
    network,
    logFolder: logFolder(dataDirectory),
    ...(siteFolder === undefined
      ? {}
      : { site: { siteDir: join(siteFolder, 'site'), basemapDir: join(siteFolder, 'basemap') } }),
    ...(broker.kind === 'emqx' ? { brokerSecret: broker.secret } : {}),
  };
}

/** What the genesis record says, in the API's words. */
type BrokerFacts = Pick<ValidatorView, 'brokerUrl' | 'needsBrokerSession'>;

function networkFacts({ genesis, origin }: OpenedLog, broker: () => BrokerFacts): NetworkFacts {
  const { networkId, ruleSet, ruleSetId, timing } = genesis;
  return {
    networkId,
    ruleSet,
    ruleSetId,
    timing,
    get validators() {
      return genesis.validators.map((validator) => validatorView(validator, origin, broker()));
    },
  };
}

function validatorView(validator: Genesis['validators'][number], origin: string, broker: BrokerFacts): ValidatorView {
  return {
    id: formatId('validator', validator.logKey),
    origin,
    chainAnchor: bytesToHex(validator.chainAnchor),
    firstRound: validator.firstRound,
    owner: `0x${bytesToHex(validator.owner)}`,
    ...broker,
  };
}
