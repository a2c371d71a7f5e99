import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { bytesToHex, formatId, type Genesis } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ValidatorView } from './api/index.ts';
import {
  CoverageShelf,
  createHttpMetrics,
  createHttpServer,
  createNetworkViews,
  type HealthProbes,
  type HttpServerModules,
  type HttpServerOptions,
  JOIN_RATE,
  LIVE_HUB_DEFAULTS,
  LiveFeed,
  LiveHub,
  liveEpochsOf,
  type NetworkFacts,
  SHELF_MAX_CELLS,
} from './http/index.ts';
import { logFolder, type OpenedLog } from './open-log.ts';
import type { OracleOptions } from './oracle-options.ts';
import { type Database, findEpoch, streamCoverage } from './store/index.ts';
import type { Participants } from './validator/participants.ts';

const VERSION = '0.1.0';

export interface OpenHttpModules extends Pick<HttpServerModules, 'joinDesk' | 'brokerQuestions' | 'openBrokerSession'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly opened: OpenedLog;
  readonly database: Database;
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
  const { clock, logger, registry, opened, database, participants } = modules;
  const { db } = database;
  const { timing } = opened.genesis;
  const metrics = createHttpMetrics(registry);
  const live = new LiveHub(LIVE_HUB_DEFAULTS, { instance: randomBytes(6).toString('hex'), metrics });
  const coverage = new CoverageShelf(
    { timing, liveEpochs: liveEpochsOf(timing), maxCells: SHELF_MAX_CELLS },
    {
      clock,
      stream: (window) => streamCoverage(db, window),
      async findSummaryHash(epoch) {
        const row = await findEpoch(db, epoch);
        return row && bytesToHex(row.summaryHash);
      },
    },
  );
  const context = { db, clock, timing, participants, liveWindow: () => coverage.liveWindow() };
  const network = networkFacts(opened, () => modules.brokerUrl());
  const feed = new LiveFeed({ context, network: createNetworkViews(network, context), coverage, live, logger });
  const server = await createHttpServer(serverOptions(options, network), {
    ...modules,
    metrics,
    db,
    log: opened.ledger,
    coverage,
    live,
  });
  const { port } = await server.start();
  feed.start();
  return {
    port,
    feed,
    async stop() {
      await server.stop();
      await feed.stop();
    },
  };
}

function serverOptions(options: OracleOptions, network: NetworkFacts): HttpServerOptions {
  const { http, broker, siteFolder, dataDirectory } = options;
  return {
    ...http,
    version: VERSION,
    network,
    logFolder: logFolder(dataDirectory),
    joinRate: JOIN_RATE,
    ...(siteFolder === undefined
      ? {}
      : { site: { siteDir: join(siteFolder, 'site'), basemapDir: join(siteFolder, 'basemap') } }),
    ...(broker.kind === 'emqx' ? { brokerSecret: broker.secret } : {}),
  };
}

/** What the genesis record says, in the API's words. */
function networkFacts({ genesis, origin }: OpenedLog, brokerUrl: () => string): NetworkFacts {
  const { networkId, ruleSet, ruleSetId, timing } = genesis;
  return {
    networkId,
    ruleSet,
    ruleSetId,
    timing,
    get validators() {
      return genesis.validators.map((validator) => validatorView(validator, origin, brokerUrl()));
    },
  };
}

function validatorView(validator: Genesis['validators'][number], origin: string, brokerUrl: string): ValidatorView {
  return {
    id: formatId('validator', validator.logKey),
    origin,
    chainAnchor: bytesToHex(validator.chainAnchor),
    firstRound: validator.firstRound,
    owner: `0x${bytesToHex(validator.owner)}`,
    brokerUrl,
  };
}
