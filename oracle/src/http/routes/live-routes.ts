import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addressGroup } from '../address-group.ts';
import { ApiProblem } from '../api-problem.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { addBytesRoute } from '../route.ts';

const RETRY_S = 30;

export function addLiveRoutes(app: FastifyInstance, { live }: { readonly live: LiveHub }): void {
  addBytesRoute(app, {
    url: '/api/v1/live',
    tag: 'live',
    operationId: 'listen',
    summary: 'Server-sent events: what changes, as it changes',
    description:
      'Events `hex` (LiveHex), `verdict` (VerdictView), `hotspot` (HotspotSummary), `epoch` (EpochListItem), `round` (LiveRound) and ' +
      '`reset` (fetch everything again), each with an id. The header `Last-Event-ID`, or `after`, resumes behind that event.',
    query: z.strictObject({ after: z.string().max(64).describe('Id of the last event seen').exactOptional() }),
    answers: { 200: 'text/event-stream' },
    problems: ['too_many_listeners'],
    head: false,
    handle({ query, request, reply }) {
      const address = addressGroup(request.ip);
      if (!live.hasRoom(address)) {
        throw new ApiProblem(
          'too_many_listeners',
          'Too many listen already, altogether or from your address. Close others, or ask the API from time to time.',
          { retryAfterS: RETRY_S },
        );
      }
      const header = request.headers['last-event-id'];
      const lastEventId = typeof header === 'string' && header !== '' ? header : query.after;
      void reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      reply.raw.setTimeout(0);
      live.connect(reply.raw, address, lastEventId);
      return reply;
    },
  });
}
