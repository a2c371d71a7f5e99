import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptsEncoding } from '../accepted-encodings.ts';
import { noSuchFile } from '../error-handling.ts';
import { sendGzippedTile } from '../send-gzipped-tile.ts';
import { parseTileAddress } from '../tiles/index.ts';
import { AssetStore, ENCODINGS } from './asset-store.ts';

/** What building the map gave. */
export interface SiteFolders {
  /** `index.html` and `assets/`, whose names carry their hash. */
  readonly siteDir: string;
  /** `{z}/{x}/{y}.mvt.gz`. */
  readonly basemapDir: string;
}

const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the built map: hashed assets for ever, the page always fresh, the basemap from its gzipped files. */
export function addSiteRoutes(app: FastifyInstance, folders: SiteFolders | undefined): void {
  app.get('/', { schema: { hide: true } }, (_, reply) => sendPage(reply, folders));
  if (folders === undefined) return;
  const assets = new AssetStore(join(resolve(folders.siteDir), 'assets'));
  app.get<{ Params: { name: string } }>('/assets/:name', { schema: { hide: true } }, async (request, reply) =>
    sendAsset(request, reply, assets),
  );
  app.get<{ Params: Record<'z' | 'x' | 'y', string> }>(
    '/basemap/:z/:x/:y.mvt',
    { schema: { hide: true } },
    async (request, reply) => sendBasemapTile(request, reply, resolve(folders.basemapDir)),
  );
}

async function sendAsset(
  request: FastifyRequest<{ Params: { name: string } }>,
  reply: FastifyReply,
  assets: AssetStore,
): Promise<FastifyReply> {
  const accepted = ENCODINGS.filter((encoding) => acceptsEncoding(request, encoding));
  const asset = await assets.find(request.params.name, accepted);
  if (asset === undefined) throw noSuchFile();
  void reply.headers({ 'cache-control': FOR_EVER, etag: asset.etag, vary: 'Accept-Encoding' });
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
  if (asset.encoding !== undefined) void reply.header('content-encoding', asset.encoding);
  return reply.type(asset.type).send(asset.bytes);
}

async function sendBasemapTile(
  request: FastifyRequest<{ Params: Record<'z' | 'x' | 'y', string> }>,
  reply: FastifyReply,
  basemapDir: string,
): Promise<FastifyReply> {
  const { z, x, y } = request.params;
  const address = parseTileAddress(z, x, y);
  if (address === undefined) throw noSuchFile();
  void reply.header('cache-control', FOR_EVER);
  try {
    const path = join(basemapDir, String(address.z), String(address.x), `${address.y}.mvt.gz`);
    return await sendGzippedTile(request, reply, await readFile(path));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    // Water without names has no tile.
    return reply.code(204).send();
  }
}

/** The page. Also the answer to addresses that only the page itself knows how to read. */
export async function sendPage(reply: FastifyReply, folders: SiteFolders | undefined): Promise<FastifyReply> {
  const index = folders === undefined ? undefined : join(resolve(folders.siteDir), 'index.html');
  void reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
  if (index === undefined || !existsSync(index)) return reply.send(WITHOUT_SITE);
  return reply.send(await readFile(index));
}

const OWN_PREFIX = /^\/(api|tiles|log|basemap|assets|broker)(\/|$)/;
const FILE_NAME = /\.[a-z0-9]{1,8}$/i;

/** A browser asks for a page at an address that only the page knows how to read. */
export function isForThePage({ method, url, headers }: FastifyRequest): boolean {
  const [path = ''] = url.split('?', 1);
  const wantsPage = (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
  return wantsPage && !OWN_PREFIX.test(path) && !FILE_NAME.test(path);
}

const WITHOUT_SITE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sextant oracle</title>
<h1>Sextant oracle</h1>
<p>This oracle runs without the map: its website has not been built here. Build it with
<code>npm run build -w coverage-map</code> and start the oracle again.</p>
<p>What there is to read: <a href="/api/v1/network">the network</a>, <a href="/api/v1/epochs">its epochs</a>,
<a href="/log/checkpoint">the log</a>, <a href="/healthz">its health</a>,
<a href="/openapi.json">everything this API answers</a>.</p>
</html>
`;
