import { hexToBytes } from '@sextant/firmware-bridge/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { epochIndex, keyOfId, limitOf } from '../parameters.ts';
import { addJsonRoute } from '../route.ts';
import { EARNER_ID, OwnerRewardPage, OwnerSchema } from '../schemas/owner.ts';
import { Address, Amount } from '../schemas/text.ts';
import { readOwner, readOwnerRewards } from '../views/owner-views.ts';
import type { ViewContext } from '../views/view-context.ts';

const OwnerParameter = z.object({ address: Address });

export function addOwnerRoutes(app: FastifyInstance, context: ViewContext): void {
  addJsonRoute(app, {
    url: '/api/v1/owners/:address',
    tag: 'owners',
    operationId: 'getOwner',
    summary: 'What an owner has earned, and how much of it beyond what he has claimed',
    description:
      'What was claimed is on the chain; give it as `claimed`. An owner nobody has heard of has earned nothing.',
    params: OwnerParameter,
    query: z.strictObject({ claimed: Amount.default('0') }),
    answer: OwnerSchema,
    problems: ['database_unavailable'],
    handle: async ({ params, query }) => readOwner(context, addressOf(params.address), BigInt(query.claimed)),
  });
  addJsonRoute(app, {
    url: '/api/v1/owners/:address/rewards',
    tag: 'owners',
    operationId: 'listOwnerRewards',
    summary: 'What each of his hotspots and other keys earned in a range of epochs and by what, by key',
    description:
      'What was paid to him, whoever owns the key now; where an epoch names no payee, what the keys that are his earned.',
    params: OwnerParameter,
    query: z.strictObject({
      from: epochIndex.default(0).describe('First epoch'),
      to: epochIndex.describe('Last epoch; absent = the newest').exactOptional(),
      limit: limitOf(200, 50),
      after: z.string().regex(EARNER_ID).describe('`next` of the page before').exactOptional(),
    }),
    answer: OwnerRewardPage,
    problems: ['database_unavailable'],
    async handle({ params, query: { from, to, limit, after } }) {
      return readOwnerRewards(context, {
        owner: addressOf(params.address),
        from,
        to: to ?? LAST_EPOCH,
        limit,
        ...(after === undefined ? {} : { after: keyOfId(after, 'hotspot', 'survey_device', 'validator') }),
      });
    },
  });
}

/** No epoch has a higher index. */
const LAST_EPOCH = 2_147_483_647;

const addressOf = (text: string): Uint8Array => hexToBytes(text.slice(2));
