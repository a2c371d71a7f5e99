import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { SUMMARY_HASH_HEADER } from '../../api/index.ts';
import { ApiProblem } from '../api-problem.ts';
import type { CoverageShelf } from '../coverage-shelf.ts';
import { noSuchEpoch } from '../no-such-epoch.ts';
import { boundsOfText, epochIndex, IdParameter, keyOfId, limitOf } from '../parameters.ts';
import { addJsonRoute } from '../route.ts';
import { FootprintSchema, HotspotPage, HotspotRewardPage, HotspotSchema } from '../schemas/hotspot.ts';
import { LocationSchema } from '../schemas/location.ts';
import { ParticipantIdText } from '../schemas/text.ts';
import { VerdictPage } from '../schemas/verdict.ts';
import { readFootprint } from '../views/hex-views.ts';
import { readHotspot, readHotspotPage, readRewards } from '../views/hotspot-views.ts';
import { readLocation } from '../views/location-views.ts';
import { CURSOR, parseCursor, readVerdictPage } from '../views/verdict-views.ts';
import type { ViewContext } from '../views/view-context.ts';

export function addHotspotRoutes(app: FastifyInstance, context: ViewContext, coverage: CoverageShelf): void {
  addListRoute(app, context);
  addDetailRoutes(app, context);
  addLocationRoute(app, context, coverage);
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

function addLocationRoute(app: FastifyInstance, context: ViewContext, coverage: CoverageShelf): void {
  addJsonRoute(app, {
    url: '/api/v1/hotspots/:id/location',
    tag: 'hotspots',
    operationId: 'getLocation',
    summary: 'Is it where it says: what a closed epoch said about its place, and by which links',
    params: IdParameter,
    query: z.strictObject({ epoch: epochIndex.describe('A closed epoch; absent = the newest').exactOptional() }),
    answer: LocationSchema,
    problems: ['no_location_verdict', 'unknown_epoch', 'database_unavailable'],
    snapshot: true,
    async handle({ params, query: { epoch }, reply }) {
      const key = keyOfId(params.id, 'hotspot');
      const location = await readLocation(context, key, epoch);
      const judged = location?.epoch ?? epoch;
      const summaryHash = judged === undefined ? undefined : await coverage.findSummaryHash(judged);
      if (epoch !== undefined && summaryHash === undefined) throw noSuchEpoch(epoch);
      if (location === undefined) throw new ApiProblem('no_location_verdict', NO_LOCATION);
      if (summaryHash !== undefined) void reply.header(SUMMARY_HASH_HEADER, summaryHash);
      return location;
    },
  });
}

const NO_LOCATION =
  'No verdict on its place: rule set 1 judges none, and under rule set 2 the first comes when an epoch closes in which the hotspot had an assertion in force. GET /api/v1/network says which rule set is used; verdicts of long ago are not kept here but follow from the log.';
