import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@sextant/firmware-bridge/clock';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BucketRate } from '../../intake/token-bucket.ts';
import { AddressLimit } from '../address-limit.ts';
import { ApiProblem } from '../api-problem.ts';
import { addJsonRoute } from '../route.ts';
import { BrokerSessionRequestSchema, BrokerSessionSchema } from '../schemas/operations.ts';

/** Answers an external broker's questions about logins and topics; the body is judged by the intake. */
export interface BrokerQuestions {
  handleBrokerAuth(body: unknown): object;
  handleBrokerAcl(body: unknown): object;
}

/** Opens a session at a broker that cannot judge a token itself. */
export type OpenBrokerSession = (
  body: unknown,
) => Promise<
  | { readonly status: 200; readonly body: { readonly expiresAtMs: number } }
  | { readonly status: 400 | 403 | 503; readonly body: { readonly reason: string } }
>;

/**
 * `/broker/auth` and `/broker/acl`, for a broker that knows the secret (`Authorization: Bearer …`). They are not part of the
 * public API.
 */
export function addBrokerQuestionRoutes(app: FastifyInstance, secret: string, questions: BrokerQuestions): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${secret}`);
  const isBroker = (request: FastifyRequest): boolean =>
    timingSafeEqual(digest(request.headers.authorization ?? ''), expected);
  const add = (url: string, answer: (body: unknown) => object): void => {
    app.post(url, { schema: { hide: true } }, (request) => {
      if (isBroker(request)) return answer(request.body);
      throw new ApiProblem(
        'unauthorized',
        'Only the broker asks here. Give it the same secret as this oracle, as the header Authorization: Bearer ….',
      );
    });
  };
  add('/broker/auth', (body) => questions.handleBrokerAuth(body));
  add('/broker/acl', (body) => questions.handleBrokerAcl(body));
}

const SESSION_RATE: BucketRate = { perMinute: 600, burst: 1_200 };

export function addBrokerSessionRoute(
  app: FastifyInstance,
  modules: { readonly openBrokerSession: OpenBrokerSession; readonly clock: Clock },
): void {
  const limit = new AddressLimit(SESSION_RATE, modules);
  addJsonRoute(app, {
    method: 'POST',
    url: '/api/v1/broker/session',
    tag: 'joining',
    operationId: 'openBrokerSession',
    summary: 'Brings a login token to a broker that cannot judge it; then log in there with it',
    body: BrokerSessionRequestSchema,
    answer: BrokerSessionSchema,
    problems: ['login_refused', 'broker_unavailable', 'too_many_requests'],
    async handle({ body, request }) {
      limit.take(request.ip);
      const answer = await modules.openBrokerSession(body);
      if (answer.status === 200) return answer.body;
      if (answer.status === 503) {
        throw new ApiProblem('broker_unavailable', 'The broker does not answer now. Ask again in a moment.', {
          retryAfterS: 5,
        });
      }
      throw new ApiProblem(
        'login_refused',
        `The token is refused (${answer.body.reason}). Make a new one for this validator; check that the key has joined and the clock is right.`,
      );
    },
  });
}
