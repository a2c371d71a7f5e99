import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { SUMMARY_HASH_HEADER } from '../../api/index.ts';
import type { CoverageShelf } from '../coverage-shelf.ts';
import { noSuchEpoch } from '../no-such-epoch.ts';
import { CellParameter, cellOfText, epochIndex } from '../parameters.ts';
import { addJsonRoute } from '../route.ts';
import { HexSchema } from '../schemas/hex.ts';
import { readHex } from '../views/hex-views.ts';
import type { ViewContext } from '../views/view-context.ts';

export function addHexRoutes(app: FastifyInstance, context: ViewContext, coverage: CoverageShelf): void {
  addJsonRoute(app, {
    url: '/api/v1/hexes/:cell',
    tag: 'coverage',
    operationId: 'getHex',
    summary: 'What is proven about a hexagon, in a closed epoch or live',
    params: CellParameter,
    query: z.strictObject({ epoch: epochIndex.describe('A closed epoch; absent = live').exactOptional() }),
    answer: HexSchema,
    problems: ['unknown_epoch', 'database_unavailable'],
    snapshot: true,
    async handle({ params, query: { epoch }, reply }) {
      const hex = cellOfText(params.cell);
      if (epoch !== undefined) {
        const summaryHash = await coverage.findSummaryHash(epoch);
        if (summaryHash === undefined) throw noSuchEpoch(epoch);
        void reply.header(SUMMARY_HASH_HEADER, summaryHash);
      }
      return readHex(context, hex, epoch);
    },
  });
}
