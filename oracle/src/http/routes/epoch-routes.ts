import { bytesToHex, hexToBytes } from '@sextant/firmware-bridge/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { SUMMARY_HASH_HEADER } from '../../api/index.ts';
import { type EpochRow, findEpoch } from '../../store/index.ts';
import { ApiProblem } from '../api-problem.ts';
import { noSuchEpoch } from '../no-such-epoch.ts';
import { EpochParameter, epochIndex, keyOfId, limitOf } from '../parameters.ts';
import type { EpochProofs } from '../proofs/epoch-proofs.ts';
import type { SignedSummary } from '../proofs/signed-summary.ts';
import { addBytesRoute, addJsonRoute } from '../route.ts';
import { EpochPage, EpochProofSchema, EpochSchema, OwnerProofSchema } from '../schemas/epoch.ts';
import { Address, Hash } from '../schemas/text.ts';
import { readEpochPage, toEpochView } from '../views/epoch-views.ts';
import type { ViewContext } from '../views/view-context.ts';

/** A closed epoch changes only when a veto reopens it. */
const CLOSED_CACHE = 'public, max-age=60';

export function addEpochRoutes(app: FastifyInstance, context: ViewContext, proofs: EpochProofs): void {
  addJsonRoute(app, {
    url: '/api/v1/epochs',
    tag: 'epochs',
    operationId: 'listEpochs',
    summary: 'Closed epochs, newest first',
    query: z.strictObject({
      limit: limitOf(200, 50),
      before: epochIndex.describe('`next` of the page before').exactOptional(),
    }),
    answer: EpochPage,
    problems: ['database_unavailable'],
    handle: async ({ query: { limit, before } }) =>
      readEpochPage(context, { limit, ...(before === undefined ? {} : { before }) }),
  });
  addJsonRoute(app, {
    url: '/api/v1/epochs/:epoch',
    tag: 'epochs',
    operationId: 'getEpoch',
    summary: 'A closed epoch with its cut, reasons and rewards by class',
    params: EpochParameter,
    answer: EpochSchema,
    problems: ['unknown_epoch', 'database_unavailable'],
    snapshot: true,
    handle: async ({ params, reply }) => toEpochView(context, await getEpoch(context, params.epoch, reply)),
  });
  addBytesRoute(app, {
    url: '/api/v1/epochs/:epoch/summary',
    tag: 'epochs',
    operationId: 'getSummary',
    summary: 'The exact bytes (RFC 8785 JSON) that are hashed and signed',
    params: EpochParameter,
    answers: { 200: 'application/json' },
    problems: ['unknown_epoch'],
    snapshot: true,
    async handle({ params, reply }) {
      const { bytes } = await getSummary(proofs, params.epoch, reply);
      return reply.type('application/json').send(Buffer.from(bytes));
    },
  });
  addProofRoutes(app, proofs);
}

function addProofRoutes(app: FastifyInstance, proofs: EpochProofs): void {
  addJsonRoute(app, {
    url: '/api/v1/epochs/:epoch/proof',
    tag: 'epochs',
    operationId: 'getEpochProof',
    summary: 'Proof of one verdict, or of all reward lines of a key',
    description: 'Give exactly one of `verdict` and `reward`.',
    params: EpochParameter,
    query: z.strictObject({
      verdict: Hash.describe('A report id').exactOptional(),
      reward: z.string().max(64).describe('`hs1…`, `sv1…` or `val1…`').exactOptional(),
    }),
    answer: EpochProofSchema,
    problems: ['unknown_epoch', 'not_in_epoch', 'proof_gone', 'database_unavailable'],
    snapshot: true,
    async handle({ params, query: { verdict, reward }, reply }) {
      if ((verdict === undefined) === (reward === undefined)) {
        throw new ApiProblem(
          'bad_parameter',
          'Give one of `verdict=<report id>` and `reward=<id of a key>`, and not both.',
        );
      }
      const key = reward === undefined ? undefined : keyOfId(reward, 'hotspot', 'survey_device', 'validator');
      const summary = await getSummary(proofs, params.epoch, reply);
      const proof =
        key === undefined
          ? await proofs.proveVerdict(summary, hexToBytes(verdict ?? ''))
          : await proofs.proveRewards(summary, key);
      if (proof === undefined)
        throw notInEpoch(params.epoch, key === undefined ? 'verdict on that report' : 'reward of that key');
      return proof;
    },
  });
  addJsonRoute(app, {
    url: '/api/v1/epochs/:epoch/owners/:address',
    tag: 'epochs',
    operationId: 'getOwnerProof',
    summary: 'What an owner can claim after an epoch, with the proof the contract asks for',
    params: EpochParameter.extend({ address: Address }),
    answer: OwnerProofSchema,
    problems: ['unknown_epoch', 'not_in_epoch', 'proof_gone', 'database_unavailable'],
    snapshot: true,
    async handle({ params, reply }) {
      const summary = await getSummary(proofs, params.epoch, reply);
      const proof = await proofs.proveOwner(summary, hexToBytes(params.address.slice(2)));
      if (proof === undefined) throw notInEpoch(params.epoch, 'reward of that owner up to it');
      return proof;
    },
  });
}

const notInEpoch = (epoch: number, what: string): ApiProblem =>
  new ApiProblem('not_in_epoch', `Epoch ${epoch} has no ${what}. Other epochs may: GET /api/v1/epochs lists them.`);

async function getEpoch({ db }: ViewContext, epoch: number, reply: FastifyReply): Promise<EpochRow> {
  const row = await findEpoch(db, epoch);
  if (row === undefined) throw noSuchEpoch(epoch);
  addSnapshot(reply, bytesToHex(row.summaryHash));
  return row;
}

async function getSummary(proofs: EpochProofs, epoch: number, reply: FastifyReply): Promise<SignedSummary> {
  const summary = await proofs.findSummary(epoch);
  if (summary === undefined) throw noSuchEpoch(epoch);
  addSnapshot(reply, summary.hash);
  return summary;
}

function addSnapshot(reply: FastifyReply, summaryHash: string): void {
  void reply.header(SUMMARY_HASH_HEADER, summaryHash).header('cache-control', CLOSED_CACHE);
}
