import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsEncoding } from './accepted-encodings.ts';

const gunzip = promisify(gunzipCallback);

export const TILE_TYPE = 'application/vnd.mapbox-vector-tile';

/** Sends stored gzip as it is, or unpacked to the few that do not read it. */
export async function sendGzippedTile(
  request: FastifyRequest,
  reply: FastifyReply,
  gzip: Uint8Array,
): Promise<FastifyReply> {
  void reply.type(TILE_TYPE).header('vary', 'Accept-Encoding');
  const bytes = Buffer.from(gzip.buffer, gzip.byteOffset, gzip.byteLength);
  if (acceptsEncoding(request, 'gzip')) return reply.header('content-encoding', 'gzip').send(bytes);
  return reply.send(await gunzip(bytes));
}
