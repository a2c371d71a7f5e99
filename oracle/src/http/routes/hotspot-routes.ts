import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiProblem } from '../api-problem.ts';
import { boundsOfText, epochIndex, IdParameter, keyOfId, limitOf } from '../parameters.ts';
import { addJsonRoute } from '../route.ts';
import { FootprintSchema, HotspotPage, HotspotRewardPage, HotspotSchema } from '../schemas/hotspot.ts';
import { ParticipantIdText } from '../schemas/text.ts';
import { VerdictPage } from '../schemas/verdict.ts';
import { readFootprint } from '../views/hex-views.ts';
import { readHotspot, readHotspotPage, readRewards } from '../views/hotspot-views.ts';
import { CURSOR, parseCursor, readVerdictPage } from '../views/verdict-views.ts';
import type { ViewContext } from '../views/view-context.ts';

export function addHotspotRoutes(app: FastifyInstance, context: ViewContext): void {
  addListRoute(app, context);
  addDetailRoutes(app, context);
  addHistoryRoutes(app, context);
}

function addListRoute(app: FastifyInstance, context: ViewContext): void {
  addJsonRoute(app, {
    url: '/api/v1/hotspots',
    tag: 'hotspots',
    operationId: 'listHotspots',
    summary: 'Hotspots, by id; in a box those whose hexagon may touch it',
    query: z.strictObject({
      bbox: z
        .string()
        .max(80)
        .describe('west,south,east,north in degrees; west > east across the antimeridian')
        .exactOptional(),
      limit: limitOf(1_000, 200),
      after: ParticipantIdText.describe('`next` of the page before').exactOptional(),
    }),
    answer: HotspotPage,
    problems: ['database_unavailable'],
    async handle({ query: { bbox, limit, after } }) {
      return readHotspotPage(context, {
        limit,
        ...(bbox === undefined ? {} : { bounds: boundsOfText(bbox) }),
        ...(after === undefined ? {} : { after: keyOfId(after, 'hotspot') }),
      });
    },
  });
}

function addHistoryRoutes(app: FastifyInstance, context: ViewContext): void {
  addJsonRoute(app, {
    url: '/api/v1/hotspots/:id/verdicts',
    tag: 'hotspots',
    operationId: 'listVerdicts',
    summary: 'Verdicts on its reports with the numbers they rest on, newest first',
    params: IdParameter,
    query: z.strictObject({
      limit: limitOf(200, 50),
      before: z.string().regex(CURSOR).describe('`next` of the page before').exactOptional(),
    }),
    answer: VerdictPage,
    problems: ['database_unavailable'],
    async handle({ params, query: { limit, before } }) {
      return readVerdictPage(context, {
        key: keyOfId(params.id, 'hotspot', 'survey_device'),
        limit,
        ...(before === undefined ? {} : { before: parseCursor(before) }),
      });
    },
  });
  addJsonRoute(app, {
    url: '/api/v1/hotspots/:id/rewards',
    tag: 'hotspots',
    operationId: 'listRewards',
    summary: 'What each closed epoch paid it and why, newest first',
    params: IdParameter,
    query: z.strictObject({
      limit: limitOf(200, 30),
      before: epochIndex.describe('`next` of the page before').exactOptional(),
    }),
    answer: HotspotRewardPage,
    problems: ['database_unavailable'],
    async handle({ params, query: { limit, before } }) {
      const key = keyOfId(params.id, 'hotspot', 'survey_device');
      return readRewards(context, { key, limit, ...(before === undefined ? {} : { before }) });
    },
  });
}

function addDetailRoutes(app: FastifyInstance, context: ViewContext): void {
  addJsonRoute(app, {
    url: '/api/v1/hotspots/:id',
    tag: 'hotspots',
    operationId: 'getHotspot',
    summary: 'A hotspot with its assertion, outcomes and rewards',
    params: IdParameter,
    answer: HotspotSchema,
    problems: ['unknown_hotspot', 'database_unavailable'],
    async handle({ params }) {
      const view = await readHotspot(context, keyOfId(params.id, 'hotspot'));
      if (view !== undefined) return view;
      throw new ApiProblem(
        'unknown_hotspot',
        'No hotspot of this id has an assertion in force. A new one is here two rounds after its first assertion.',
      );
    },
  });
  addJsonRoute(app, {
    url: '/api/v1/hotspots/:id/footprint',
    tag: 'hotspots',
    operationId: 'getFootprint',
    summary: 'Every hexagon it hears, live',
    params: IdParameter,
    answer: FootprintSchema,
    problems: ['database_unavailable'],
    async handle({ params }) {
      return readFootprint(context, keyOfId(params.id, 'hotspot'));
    },
  });
}
