import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROBLEM_CODES } from '../api/index.ts';
import { ApiProblem, PROBLEM_TYPE, problemBody } from './api-problem.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { problemOfError } from './problem-of-error.ts';

export interface ErrorHandlingModules {
  readonly logger: Logger;
  readonly metrics: Pick<HttpMetrics, 'problems' | 'requestSeconds'>;
}

type AnswerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** The one place where problems are counted, logged and written. */
export function createErrorAnswer({ logger, metrics }: ErrorHandlingModules): AnswerError {
  return (error, request, reply) => {
    const problem = problemOfError(error);
    const status = PROBLEM_CODES[problem.code];
    metrics.problems.labels(problem.code).inc();
    if (status >= 500) {
      const facts = { err: problem.cause, code: problem.code, method: request.method, url: request.url.slice(0, 256) };
      if (problem.code === 'internal') logger.error(facts, 'a request failed');
      else logger.debug(facts, 'a request could not be answered now');
    }
    if (problem.retryAfterS !== undefined) void reply.header('retry-after', problem.retryAfterS);
    return reply
      .code(status)
      .removeHeader('etag')
      .removeHeader('last-modified')
      .removeHeader('content-encoding')
      .header('cache-control', 'no-store')
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemBody(problem.code, problem.message)));
  };
}

/** Answers errors, and measures every request by its route. */
export function addErrorHandling(
  app: FastifyInstance,
  answer: AnswerError,
  metrics: ErrorHandlingModules['metrics'],
): void {
  app.setErrorHandler((error, request, reply) => answer(error, request, reply));
  app.addHook('onResponse', (request, reply, done) => {
    done();
    // The live stream lasts as long as its listener wants.
    if (String(reply.getHeader('content-type')).startsWith('text/event-stream')) return;
    const route = request.routeOptions.url ?? 'none';
    metrics.requestSeconds.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1_000);
  });
}

/** What is said about an address that has nothing. */
export function nothingThere(request: FastifyRequest): ApiProblem {
  const [path = ''] = request.url.split('?', 1);
  if (/^\/(log|assets)\//.test(path)) return noSuchFile();
  return new ApiProblem(
    'unknown_route',
    `There is nothing at ${request.method} ${path.slice(0, 128)}. /openapi.json lists what exists.`,
  );
}

export function noSuchFile(): ApiProblem {
  return new ApiProblem(
    'unknown_file',
    'There is no such file, or not yet. For the log: its checkpoint says how large it is, and C2SP tlog-tiles how its files are named.',
  );
}
