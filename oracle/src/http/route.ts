import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { PROBLEM_CODES, type ProblemCode, SUMMARY_HASH_HEADER } from '../api/index.ts';
import type { Tag } from './openapi.ts';
import { type JsonSchema, parameterSchema, refTo } from './schemas/json-schema.ts';
import { ProblemSchema } from './schemas/operations.ts';
import type { Frozen } from './schemas/view.ts';

/** How a route is documented, and checked: the OpenAPI document, the validation and the serialisation come from it. */
interface RouteDescription {
  readonly url: string;
  readonly tag: Tag;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Beside `bad_parameter` (with parameters), `bad_body` (with a body), `internal` and `timeout`. */
  readonly problems?: readonly ProblemCode[];
  /** The answer says which closed epoch's snapshot it is of. */
  readonly snapshot?: boolean;
}

type Input<Schema extends z.ZodType | undefined> = Schema extends z.ZodType ? Frozen<z.output<Schema>> : undefined;

type OptionalSchema = z.ZodObject | undefined;

interface RouteRequest<Params extends OptionalSchema, Query extends OptionalSchema, Body extends OptionalSchema> {
  readonly params: Input<Params>;
  readonly query: Input<Query>;
  readonly body: Input<Body>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface JsonRoute<
  Params extends OptionalSchema,
  Query extends OptionalSchema,
  Body extends OptionalSchema,
  Answer extends z.ZodType,
> extends RouteDescription {
  readonly method?: 'GET' | 'POST';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  /** Statuses that come with `answer`; 200 unless said. */
  readonly statuses?: readonly number[];
  readonly handle: (
    input: RouteRequest<Params, Query, Body>,
  ) => Promise<Frozen<z.output<Answer>>> | Frozen<z.output<Answer>>;
}

/** Adds a route that answers JSON. */
export function addJsonRoute<
  Answer extends z.ZodType,
  Params extends OptionalSchema = undefined,
  Query extends OptionalSchema = undefined,
  Body extends OptionalSchema = undefined,
>(app: FastifyInstance, route: JsonRoute<Params, Query, Body, Answer>): void {
  const answer = { 'application/json': { schema: refTo(route.answer) } };
  const answers = Object.fromEntries((route.statuses ?? [200]).map((status) => [status, answer]));
  app.route({
    method: route.method ?? 'GET',
    url: route.url,
    schema: schemaOf(route, answers),
    handler: async (request, reply) => route.handle(inputOf<Params, Query, Body>(request, reply)),
  });
}

export interface BytesRoute<Params extends OptionalSchema, Query extends OptionalSchema> extends RouteDescription {
  readonly params?: Params;
  readonly query?: Query;
  /** Media types of the answer, by status; an empty text for a status without a body. */
  readonly answers: Readonly<Record<number, string>>;
  /** False where there is no answer to HEAD. */
  readonly head?: boolean;
  /** Longer than others when what is sent may be large, milliseconds. */
  readonly timeoutMs?: number;
  readonly handle: (input: RouteRequest<Params, Query, undefined>) => Promise<FastifyReply> | FastifyReply;
}

/** Adds a route that answers something else; its handler sends it. */
export function addBytesRoute<Params extends OptionalSchema = undefined, Query extends OptionalSchema = undefined>(
  app: FastifyInstance,
  route: BytesRoute<Params, Query>,
): void {
  const answers = Object.fromEntries(
    Object.entries(route.answers).map(([status, type]) => [status, type === '' ? undefined : bytesOfType(type)]),
  );
  app.route({
    method: 'GET',
    url: route.url,
    schema: schemaOf(route, answers),
    exposeHeadRoute: route.head ?? true,
    ...(route.timeoutMs === undefined ? {} : { handlerTimeout: route.timeoutMs }),
    handler: async (request, reply) => route.handle(inputOf<Params, Query, undefined>(request, reply)),
  });
}

const bytesOfType = (type: string): Content => ({
  [type]: { schema: type.startsWith('text/') ? { type: 'string' } : {} },
});

/** What Fastify validated against the schemas of the route; nothing else gets here. */
function inputOf<Params extends OptionalSchema, Query extends OptionalSchema, Body extends OptionalSchema>(
  request: FastifyRequest,
  reply: FastifyReply,
): RouteRequest<Params, Query, Body> {
  return {
    params: request.params as Input<Params>,
    query: request.query as Input<Query>,
    body: request.body as Input<Body>,
    request,
    reply,
  };
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

function schemaOf(
  route: RouteDescription & {
    readonly params?: OptionalSchema;
    readonly query?: OptionalSchema;
    readonly body?: OptionalSchema;
  },
  answers: Readonly<Record<string, Content | undefined>>,
) {
  const { tag, operationId, summary, description, params, query, body } = route;
  return {
    tags: [tag],
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(params === undefined ? {} : { params: parameterSchema(params) }),
    ...(query === undefined ? {} : { querystring: parameterSchema(query) }),
    ...(body === undefined ? {} : { body: refTo(body) }),
    response: { ...successes(route, answers), ...problemsOf(route) },
  };
}

function successes(route: RouteDescription, answers: Readonly<Record<string, Content | undefined>>) {
  const headers = {
    [SUMMARY_HASH_HEADER]: { type: 'string', description: 'SHA-256 of the summary of the epoch this answer is about' },
  };
  return Object.fromEntries(
    Object.entries(answers).map(([status, content]) => [
      status,
      {
        description: DESCRIPTIONS[status] ?? 'The answer',
        ...(content === undefined ? { type: 'null' } : { content }),
        ...(route.snapshot === true ? { headers } : {}),
      },
    ]),
  );
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'The answer',
  201: 'Done',
  204: 'Nothing is there',
  304: 'Unchanged',
};

function problemsOf(route: Parameters<typeof schemaOf>[0]): Record<string, unknown> {
  const codes: ProblemCode[] = ['internal', 'timeout', ...(route.problems ?? [])];
  if (route.params !== undefined || route.query !== undefined) codes.push('bad_parameter');
  if (route.body !== undefined) codes.push('bad_body', 'body_too_large', 'wrong_media_type');
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(PROBLEM_CODES[code], [...(byStatus.get(PROBLEM_CODES[code]) ?? []), code]);
  const content = { 'application/problem+json': { schema: refTo(ProblemSchema) } };
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [status, { description: `Problem: ${names.join(', ')}`, content }]),
  );
}
