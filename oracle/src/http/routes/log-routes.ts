import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { hashLeaf, type LogReader } from '../../ledger/index.ts';
import { ApiProblem } from '../api-problem.ts';
import { noSuchFile } from '../error-handling.ts';
import { addBytesRoute, addJsonRoute } from '../route.ts';
import { LogProofSchema } from '../schemas/epoch.ts';

/** The files C2SP tlog-tiles names: full and partial tiles and entry bundles. */
const TILE =
  /^(?:[0-9]|[1-5][0-9]|6[0-3]|entries)\/(?:x\d{3}\/){0,5}\d{3}(?:\.p\/(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/;
/** A checkpoint is published at most once a second. */
const CHECKPOINT_CACHE = 'public, max-age=1';
/** A bundle may have 16 MiB, and a reader a slow line. */
const BUNDLE_MS = 300_000;
const TILE_CACHE = 'public, max-age=31536000, immutable';

export interface LogRoutesOptions {
  /** The folder with `checkpoint` and `tile/`. */
  readonly logFolder: string;
}

/** The validator's log as the static files of C2SP tlog-tiles, and proofs for those who do not want to compute them. */
export async function addLogRoutes(
  app: FastifyInstance,
  options: LogRoutesOptions,
  modules: { readonly log: LogReader },
): Promise<void> {
  const root = resolve(options.logFolder);
  if (!existsSync(root)) mkdirSync(root, { recursive: true });
  await app.register(fastifyStatic, { root, serve: false, cacheControl: false, dotfiles: 'deny', index: false });
  addBytesRoute(app, {
    url: '/log/checkpoint',
    tag: 'log',
    operationId: 'getCheckpoint',
    summary: 'Latest published checkpoint: a signed note (C2SP tlog-checkpoint)',
    answers: { 200: 'text/plain' },
    problems: ['unknown_file'],
    handle: ({ reply }) =>
      reply
        .type('text/plain; charset=utf-8')
        .header('cache-control', CHECKPOINT_CACHE)
        .sendFile('checkpoint', { contentType: false }),
  });
  addBytesRoute(app, {
    url: '/log/tile/*',
    tag: 'log',
    operationId: 'getLogTile',
    summary: 'Tile `<level>/<index>[.p/<width>]` or entry bundle `entries/<index>[.p/<width>]` (C2SP tlog-tiles)',
    params: z.object({ '*': z.string().max(64) }),
    answers: { 200: 'application/octet-stream' },
    timeoutMs: BUNDLE_MS,
    problems: ['unknown_file'],
    handle({ params, reply }) {
      const path = params['*'];
      if (!TILE.test(path)) throw noSuchFile();
      return reply
        .type('application/octet-stream')
        .header('cache-control', TILE_CACHE)
        .sendFile(`tile/${path}`, { contentType: false });
    },
  });
  addProofRoute(app, modules.log);
}

function addProofRoute(app: FastifyInstance, log: LogReader): void {
  addJsonRoute(app, {
    url: '/log/proof',
    tag: 'log',
    operationId: 'getLogProof',
    summary: 'Inclusion proof of an entry under the latest checkpoint',
    query: z.strictObject({ leaf: z.int().min(0).describe('Index of the entry') }),
    answer: LogProofSchema,
    problems: ['not_in_log', 'ledger_unavailable'],
    async handle({ query, reply }) {
      const { origin, size, root, note } = log.checkpoint();
      if (query.leaf >= size) {
        throw new ApiProblem('not_in_log', `The log has ${size} entries: the last one is ${size - 1}.`);
      }
      const entry = await log.readEntry(query.leaf);
      const path = await log.inclusionProof(query.leaf, size);
      void reply.header('cache-control', 'no-cache');
      return {
        origin,
        leafIndex: query.leaf,
        treeSize: size,
        leafHash: bytesToHex(hashLeaf(entry)),
        rootHash: bytesToHex(root),
        path: path.map(bytesToHex),
        checkpoint: Buffer.from(note).toString('utf8'),
      };
    },
  });
}
