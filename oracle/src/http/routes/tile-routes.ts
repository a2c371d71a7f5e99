import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SUMMARY_HASH_HEADER } from '../../api/index.ts';
import { ApiProblem } from '../api-problem.ts';
import type { CoverageShelf } from '../coverage-shelf.ts';
import { noSuchEpoch } from '../no-such-epoch.ts';
import { epochIndex } from '../parameters.ts';
import { addBytesRoute, addJsonRoute } from '../route.ts';
import { TileJsonSchema } from '../schemas/operations.ts';
import { sendGzippedTile, TILE_TYPE } from '../send-gzipped-tile.ts';
import { createTileJson, parseTileAddress, type TileSource } from '../tiles/index.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'public, no-cache';

const setParameter = z
  .string()
  .regex(/^(live|0|[1-9]\d{0,9})$/)
  .describe('`live`, or the index of a closed epoch');
const number = (name: string) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,7})$/)
    .describe(name);

interface TileSet {
  readonly epoch: number | 'live';
  readonly source: TileSource;
  readonly cacheControl: string;
}

export function addTileRoutes(app: FastifyInstance, { coverage }: { readonly coverage: CoverageShelf }): void {
  addJsonRoute(app, {
    url: '/tiles/:set/tiles.json',
    tag: 'coverage',
    operationId: 'getTileJson',
    summary: 'TileJSON of an epoch’s tiles or of the live ones',
    params: z.object({ set: setParameter }),
    answer: TileJsonSchema,
    problems: ['unknown_epoch', 'database_unavailable'],
    snapshot: true,
    async handle({ params, request, reply }) {
      const { epoch, source, cacheControl } = await findSet(coverage, params.set, reply);
      void reply.header('cache-control', cacheControl);
      return createTileJson(`${request.protocol}://${request.host}`, epoch, source);
    },
  });
  addBytesRoute(app, {
    url: '/tiles/:set/:z/:x/:y.mvt',
    tag: 'coverage',
    operationId: 'getTile',
    summary: 'Vector tile with one layer, `hex`',
    description:
      'An epoch’s tiles are immutable. Live ones carry a strong ETag of their content: ask with If-None-Match. An empty tile is a 204.',
    params: z.object({ set: setParameter, z: number('Zoom, 0–12'), x: number('Column'), y: number('Row') }),
    answers: { 200: TILE_TYPE, 204: '', 304: '' },
    problems: ['unknown_epoch', 'database_unavailable'],
    snapshot: true,
    async handle({ params, request, reply }) {
      const address = parseTileAddress(params.z, params.x, params.y);
      if (address === undefined) {
        throw new ApiProblem(
          'bad_parameter',
          'There is no such tile: zooms go from 0 to 12, columns and rows to 2^zoom − 1.',
        );
      }
      const { source, cacheControl } = await findSet(coverage, params.set, reply);
      const tile = await source.tile(address.z, address.x, address.y);
      void reply.header('cache-control', cacheControl);
      if (tile === null) return reply.code(204).send();
      void reply.header('etag', tile.etag);
      if (isKnown(request, tile.etag)) return reply.code(304).send();
      return sendGzippedTile(request, reply, tile.gzip);
    },
  });
}

const isKnown = (request: FastifyRequest, etag: string): boolean =>
  (request.headers['if-none-match'] ?? '').split(',').some((known) => known.trim().replace(/^W\//, '') === etag);

async function findSet(coverage: CoverageShelf, set: string, reply: FastifyReply): Promise<TileSet> {
  if (set === 'live') return { epoch: 'live', source: await coverage.live(), cacheControl: ASK_AGAIN };
  const epoch = epochIndex.safeParse(Number(set));
  const tiles = epoch.success ? await coverage.findEpoch(epoch.data) : undefined;
  if (!epoch.success || tiles === undefined) throw noSuchEpoch(set);
  void reply.header(SUMMARY_HASH_HEADER, tiles.summaryHash);
  return { epoch: epoch.data, source: tiles.source, cacheControl: IMMUTABLE };
}
