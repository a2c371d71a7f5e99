import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { FastifyInstance } from 'fastify';
import { judgesPlaces, ruleSetFor } from '../core/ruleset/index.ts';
import { findEpoch, streamCoverage } from '../store/index.ts';
import { ApiProblem } from './api-problem.ts';
import { CoverageShelf, liveEpochsOf, SHELF_MAX_CELLS } from './coverage-shelf.ts';
import { createApp } from './create-app.ts';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';
import { explainListenFailure } from './http-server-error.ts';
import type { HttpServerModules, HttpServerOptions } from './http-server-modules.ts';
import { LiveFeed } from './live/live-feed.ts';
import { LIVE_HUB_DEFAULTS, LiveHub } from './live/live-hub.ts';
import { addRoutes, type RouteParts } from './routes/index.ts';
import { addSiteRoutes } from './site/site-routes.ts';
import { createNetworkViews } from './views/network-views.ts';
import type { ViewContext } from './views/view-context.ts';

export interface HttpServer {
  /** Told what is in the database now, it tells listeners and redraws live tiles. */
  readonly feed: LiveFeed;
  readonly live: LiveHub;
  /** Listens. Throws `HttpServerError` with the next step. */
  start(): Promise<{ readonly port: number }>;
  /** Ends the live streams, gives running answers a moment, closes. */
  stop(): Promise<void>;
  /** Asks without a socket, for tests. */
  readonly inject: FastifyInstance['inject'];
}

/** Running answers get so long when the server stops. */
const STOP_MS = 1_500;
const RETRY_S = 10;

/** The oracle's HTTP server: API, tiles, live stream, log files, health and the map. */
export async function createHttpServer(options: HttpServerOptions, modules: HttpServerModules): Promise<HttpServer> {
  const metrics = createHttpMetrics(modules.registry);
  const parts = createParts(options, modules, metrics);
  const feed = new LiveFeed({ ...parts, logger: modules.logger });
  const app = await createApp(options, { ...modules, metrics });
  let isStopping = false;
  app.addHook('onRequest', (_, reply, done) => {
    if (isStopping) void reply.header('connection', 'close');
    done(isStopping ? stopping() : undefined);
  });
  await addRoutes(app, options, modules, parts);
  addSiteRoutes(app, options.site);
  await app.ready();
  return {
    feed,
    live: parts.live,
    inject: app.inject.bind(app) as FastifyInstance['inject'],
    async start() {
      const listening = await listen(app, options);
      feed.start();
      return listening;
    },
    async stop() {
      isStopping = true;
      await feed.stop();
      parts.live.close();
      const impatience = setTimeout(() => app.server.closeAllConnections(), STOP_MS);
      await app.close();
      clearTimeout(impatience);
    },
  };
}

const stopping = (): ApiProblem =>
  new ApiProblem('stopping', 'The oracle is being stopped. Ask again when it is back.', { retryAfterS: RETRY_S });

function createParts(options: HttpServerOptions, modules: HttpServerModules, metrics: HttpMetrics): RouteParts {
  const { db, clock, participants, instance } = modules;
  const { timing } = options.network;
  const coverage = new CoverageShelf(
    { timing, liveEpochs: liveEpochsOf(timing), maxCells: SHELF_MAX_CELLS },
    {
      clock,
      stream: (window) => streamCoverage(db, window),
      async findSummaryHash(epoch) {
        const row = await findEpoch(db, epoch);
        return row === undefined ? undefined : bytesToHex(row.summaryHash);
      },
    },
  );
  const rules = ruleSetFor(options.network.ruleSet, timing);
  const context: ViewContext = {
    db,
    clock,
    participants,
    timing,
    ...(rules && judgesPlaces(rules) ? { accusationNumbers: rules } : {}),
    liveWindow: () => coverage.liveWindow(),
  };
  return {
    context,
    coverage,
    network: createNetworkViews(options.network, context),
    live: new LiveHub({ ...LIVE_HUB_DEFAULTS, ...options.live }, { instance, metrics }),
  };
}

async function listen(app: FastifyInstance, { host, port }: HttpServerOptions): Promise<{ readonly port: number }> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explainListenFailure(error, host, port);
  }
  const address = app.server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : port };
}
