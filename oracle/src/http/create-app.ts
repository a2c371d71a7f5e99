import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROBLEM_TYPE, problemBody } from './api-problem.ts';
import { addErrorHandling, createErrorAnswer, nothingThere } from './error-handling.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { addOpenApi } from './openapi.ts';
import { PUBLIC_DATA_HEADERS, SECURITY_HEADERS } from './site/security-headers.ts';
import { isForThePage, type SiteFolders, sendPage } from './site/site-routes.ts';

export interface AppOptions {
  /** Version of this program, for the OpenAPI document. */
  readonly version: string;
  /** True behind a proxy that sets `X-Forwarded-For`, `-Proto` and `-Host`; otherwise anybody could write them. */
  readonly trustProxy: boolean;
  /** Absent: a page says that the map has not been built. */
  readonly site?: SiteFolders;
}

export interface AppModules {
  readonly logger: Logger;
  readonly metrics: Pick<HttpMetrics, 'problems' | 'requestSeconds'>;
}

const BODY_MAX_BYTES = 16 << 10;
const PARAMETER_MAX_LENGTH = 256;
/** No answer is that long in the making. */
const HANDLER_MS = 15_000;
/** A request must be here with its body by then. */
const REQUEST_MS = 15_000;
const HEADERS_MS = 10_000;
/** A connection on which nothing moves. */
const IDLE_MS = 60_000;
/** A little longer than the usual minute of proxies, so that it is they who close. */
const KEEP_ALIVE_MS = 72_000;
const CONNECTIONS_MAX = 4_096;

/** A server without routes: limits, headers, problems, the OpenAPI document and the page for what only the page knows. */
export async function createApp(options: AppOptions, modules: AppModules): Promise<FastifyInstance> {
  const answerError = createErrorAnswer(modules);
  const app = fastify({
    logger: false,
    trustProxy: options.trustProxy,
    bodyLimit: BODY_MAX_BYTES,
    handlerTimeout: HANDLER_MS,
    requestTimeout: REQUEST_MS,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAMETER_MAX_LENGTH },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, useDefaults: true, allErrors: false } },
    frameworkErrors: (error, request, reply) => {
      addHeaders(reply);
      answerError(error, request as unknown as FastifyRequest, reply as unknown as FastifyReply);
    },
    clientErrorHandler: (_, socket) => answerNonsense(socket),
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  app.server.headersTimeout = HEADERS_MS;
  app.addHook('onRequest', (_, reply, done) => {
    addHeaders(reply);
    done();
  });
  addErrorHandling(app, answerError, modules.metrics);
  app.setNotFoundHandler(async (request, reply) => {
    if (isForThePage(request)) return sendPage(reply, options.site);
    throw nothingThere(request);
  });
  await addOpenApi(app, options.version);
  return app;
}

function addHeaders(reply: { headers(values: Readonly<Record<string, string>>): unknown }): void {
  reply.headers({ ...SECURITY_HEADERS, ...PUBLIC_DATA_HEADERS });
}

/** What is no HTTP gets an answer, and the connection ends. */
function answerNonsense(socket: Socket): void {
  if (!socket.writable) return;
  const body = JSON.stringify(problemBody('bad_request', 'This is no HTTP request that this server can read.'));
  const head = ['HTTP/1.1 400 Bad Request', 'Connection: close', `Content-Type: ${PROBLEM_TYPE}`];
  socket.end([...head, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
}
