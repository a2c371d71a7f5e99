import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { namedSchemas } from './schemas/json-schema.ts';
import './schemas/live.ts';

const ABOUT = `What a Sextant oracle has recorded and judged. Everything here is public and can be recomputed from the log.

Amounts are decimal strings in base units (10^-18 token), cells are H3 indexes in hex, hashes are lower-case hex, times are Unix
milliseconds. Fields may be added; none changes its meaning. Every error is a Problem (RFC 9457) whose \`code\` is stable and whose
\`detail\` says what to do. The header \`Sextant-Summary-Hash\` names the snapshot of a closed epoch: two answers with one value fit
together.`;

const TAG_TEXTS = {
  network: 'The network as it is now',
  hotspots: 'Hotspots, their verdicts, rewards and what they hear',
  coverage: 'Hexagons, and tiles of them',
  owners: 'What belongs to an account, and what it earned',
  epochs: 'Closed epochs, and proofs of what is in them',
  live: 'What changes, as it changes',
  joining: 'How a new key becomes known',
  log: 'The validator’s transparency log (C2SP tlog-tiles)',
  operations: 'For those who run an oracle',
} as const;

/** Groups of routes. */
export type Tag = keyof typeof TAG_TEXTS;

/** Registers the schemas and the document at `/openapi.json`; routes added to `app` later are in it. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  for (const schema of namedSchemas()) app.addSchema(schema);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Sextant oracle',
        version,
        description: ABOUT,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: Object.entries(TAG_TEXTS).map(([name, description]) => ({ name, description })),
    },
    convertConstToEnum: false,
    refResolver: { buildLocalReference: ({ $id }, _, fragment) => (typeof $id === 'string' ? $id : fragment) },
  });
  app.get('/openapi.json', { schema: { hide: true } }, (_, reply) => {
    void reply.header('cache-control', 'public, max-age=300');
    return app.swagger();
  });
}
