import type { AddressInfo } from 'node:net';
import fastifyStatic from '@fastify/static';
import { buildSite } from '@sextant/coverage-map/build';
import type { LiveEventName, LiveEvents, Page } from '@sextant/oracle/api';
import {
  type CoverageRow,
  createGeometryCache,
  createLiveTileSource,
  createTileSource,
  type LiveTileSource,
  type TileSource,
} from '@sextant/oracle/tiles';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { FixtureApi } from './fixture-api.ts';
import { addOwnerRoutes, FixtureOwners } from './fixture-owners.ts';
import { coverageRows, createWorld } from './fixture-world.ts';

const CONTENT_SECURITY_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const SEED = 20_251_122;

export interface FixtureServer {
  readonly url: string;
  readonly api: FixtureApi;
  readonly owners: FixtureOwners;
  /** Sends an event to everybody who listens. */
  push<Name extends LiveEventName>(name: Name, data: LiveEvents[Name]): void;
  upsert(rows: readonly CoverageRow[]): void;
  /** Cuts all live connections, as a proxy does; the stream can be opened again. */
  cutLive(): void;
  close(): Promise<void>;
}

/** The built site with made-up answers of the API and real tiles, on a free port of this machine. `addresses`: of owners with rewards. */
export async function startFixtureServer(addresses: readonly string[] = []): Promise<FixtureServer> {
  const { siteDir, basemapDir } = await buildSite();
  const world = createWorld(SEED);
  const api = new FixtureApi({ world }, { nowMs: () => Date.now() });
  const live = createLiveTileSource(coverageRows(world, world.hexes.length, Date.now()));
  const stream = new FixtureStream();
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onSend', (_, reply, payload, done) => {
    void reply.header('content-security-policy', CONTENT_SECURITY_POLICY).header('x-content-type-options', 'nosniff');
    done(null, payload);
  });
  const owners = new FixtureOwners(addresses, world.hotspots);
  addApi(server, api);
  addOwnerRoutes(server, owners);
  addTiles(server, api, live);
  server.get('/api/v1/live', (request, reply) => stream.connect(request, reply));
  await server.register(fastifyStatic, { root: siteDir, prefix: '/', cacheControl: false });
  await server.register(fastifyStatic, {
    root: basemapDir,
    prefix: '/basemap/',
    preCompressed: true,
    decorateReply: false,
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    api,
    owners,
    push: (name, data) => stream.push(name, data),
    upsert: (rows) => live.upsert(rows),
    cutLive: () => stream.cut(),
    close: async () => {
      stream.cut();
      await server.close();
    },
  };
}

class FixtureStream {
  readonly #listeners = new Set<FastifyReply['raw']>();
  readonly #events: string[] = [];
  readonly #verdicts: string[] = [];

  push(name: string, data: unknown): void {
    const event = `id: ${this.#events.length + 1}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#events.push(event);
    if (name === 'verdict') this.#verdicts.push(event);
    for (const listener of this.#listeners) listener.write(event);
  }

  connect(request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    const { after } = request.query as { after?: string };
    const last = request.headers['last-event-id'] ?? after;
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.raw.write('retry: 200\n\n');
    const missed = last === undefined ? this.#verdicts.slice(-30) : this.#events.slice(Number(last));
    for (const event of missed) reply.raw.write(event);
    this.#listeners.add(reply.raw);
    reply.raw.on('close', () => this.#listeners.delete(reply.raw));
  }

  cut(): void {
    for (const listener of this.#listeners) listener.destroy();
    this.#listeners.clear();
  }
}

function paged<Item>(items: readonly Item[], query: unknown): Page<Item> {
  const { before, limit } = query as { before?: string; limit?: string };
  const start = Number(before ?? 0);
  const end = start + Number(limit ?? 20);
  return { items: items.slice(start, end), ...(end < items.length ? { next: String(end) } : {}) };
}

function addApi(server: FastifyInstance, api: FixtureApi): void {
  const base = '/api/v1';
  server.get(`${base}/network`, () => api.network());
  server.get(`${base}/epochs`, ({ query }) => paged(api.epochs(), query));
  server.get<{ Params: { epoch: string } }>(`${base}/epochs/:epoch`, ({ params }) => api.epoch(Number(params.epoch)));
  server.get<{ Querystring: { bbox: string } }>(`${base}/hotspots`, ({ query }) => {
    const [west = 0, south = 0, east = 0, north = 0] = query.bbox.split(',').map(Number);
    return { items: api.hotspots([west, south, east, north]) };
  });
  server.get<{ Params: { cell: string }; Querystring: { epoch?: string } }>(
    `${base}/hexes/:cell`,
    ({ params, query }) => api.hex(params.cell, query.epoch === undefined ? undefined : Number(query.epoch)),
  );
  server.get<{ Params: { id: string; part?: string } }>(
    `${base}/hotspots/:id/:part?`,
    async ({ params, query }, reply) => {
      const hotspot = api.findHotspot(params.id);
      if (hotspot === undefined) {
        return reply.code(404).send({ status: 404, title: 'Not found', detail: 'No such hotspot', code: 'not_found' });
      }
      if (params.part === 'verdicts') return paged(api.verdicts(hotspot), query);
      if (params.part === 'rewards') return paged(api.rewards(hotspot), query);
      if (params.part === 'location') return api.location(hotspot);
      return params.part === 'footprint' ? api.footprint(hotspot) : api.hotspot(hotspot);
    },
  );
}

function addTiles(server: FastifyInstance, api: FixtureApi, live: LiveTileSource): void {
  const geometries = createGeometryCache();
  const epochs = new Map<number, TileSource>();
  const sourceOf = (name: string): TileSource => {
    if (name === 'live') return live;
    const epoch = Number(name);
    const source =
      epochs.get(epoch) ?? createTileSource(coverageRows(api.world, api.knownHexes(epoch), Date.now()), { geometries });
    epochs.set(epoch, source);
    return source;
  };
  server.get<{ Params: Record<'epoch' | 'z' | 'x' | 'y', string> }>(
    '/tiles/:epoch/:z/:x/:y.mvt',
    async ({ params, headers }, reply) => {
      const tile = await sourceOf(params.epoch).tile(Number(params.z), Number(params.x), Number(params.y));
      void reply.header('cache-control', params.epoch === 'live' ? 'no-cache' : 'public, max-age=31536000, immutable');
      if (tile === null) return reply.code(204).send();
      void reply.header('etag', tile.etag);
      if (headers['if-none-match'] === tile.etag) return reply.code(304).send();
      return reply
        .type('application/vnd.mapbox-vector-tile')
        .header('content-encoding', 'gzip')
        .send(Buffer.from(tile.gzip));
    },
  );
}
