import type { FastifyInstance } from 'fastify';
import type { CoverageShelf } from '../coverage-shelf.ts';
import type { HttpServerModules, HttpServerOptions } from '../http-server-modules.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { EPOCH_PROOFS_DEFAULTS, EpochProofs } from '../proofs/epoch-proofs.ts';
import type { NetworkViews } from '../views/network-views.ts';
import type { ViewContext } from '../views/view-context.ts';
import { addBrokerQuestionRoutes, addBrokerSessionRoute } from './broker-routes.ts';
import { addChainRoutes } from './chain-routes.ts';
import { addEpochRoutes } from './epoch-routes.ts';
import { addHealthRoutes } from './health-routes.ts';
import { addHexRoutes } from './hex-routes.ts';
import { addHotspotRoutes } from './hotspot-routes.ts';
import { addJoinRoutes, JOIN_RATE } from './join-routes.ts';
import { addLiveRoutes } from './live-routes.ts';
import { addLogRoutes } from './log-routes.ts';
import { addNetworkRoutes } from './network-routes.ts';
import { addOwnerRoutes } from './owner-routes.ts';
import { addTileRoutes } from './tile-routes.ts';

/** What the server itself makes for its routes. */
export interface RouteParts {
  readonly context: ViewContext;
  readonly network: NetworkViews;
  readonly coverage: CoverageShelf;
  readonly live: LiveHub;
}

/** Every route but the website's. */
export async function addRoutes(
  app: FastifyInstance,
  options: HttpServerOptions,
  modules: HttpServerModules,
  { context, network, coverage, live }: RouteParts,
): Promise<void> {
  const { brokerQuestions, openBrokerSession, clock } = modules;
  addNetworkRoutes(app, network);
  addChainRoutes(app, () => modules.findChain?.());
  addHotspotRoutes(app, context, coverage);
  addHexRoutes(app, context, coverage);
  addEpochRoutes(app, context, new EpochProofs(EPOCH_PROOFS_DEFAULTS, modules));
  addOwnerRoutes(app, context);
  addTileRoutes(app, { coverage });
  addLiveRoutes(app, { live });
  addJoinRoutes(app, { joinRate: options.joinRate ?? JOIN_RATE }, modules);
  await addLogRoutes(app, options, modules);
  addHealthRoutes(app, modules);
  if (openBrokerSession !== undefined) addBrokerSessionRoute(app, { clock, openBrokerSession });
  if (brokerQuestions !== undefined && options.brokerSecret !== undefined) {
    addBrokerQuestionRoutes(app, options.brokerSecret, brokerQuestions);
  }
}
