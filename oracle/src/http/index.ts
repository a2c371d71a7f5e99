/** The oracle's HTTP server. */
export { createHttpServer, type HttpServer } from './http-server.ts';
export { HttpServerError } from './http-server-error.ts';
export type {
  HttpServerModules,
  HttpServerOptions,
  NetworkFacts,
  ParticipantDirectory,
} from './http-server-modules.ts';
export type { LiveFeed } from './live/live-feed.ts';
export type { LiveHub, LiveHubOptions } from './live/live-hub.ts';
export type { BrokerQuestions, OpenBrokerSession } from './routes/broker-routes.ts';
export type { HealthProbe, HealthProbes } from './routes/health-routes.ts';
export { PUBLIC_DATA_HEADERS, SECURITY_HEADERS } from './site/security-headers.ts';
export type { SiteFolders } from './site/site-routes.ts';
