import type { Clock } from '@sextant/firmware-bridge/clock';
import { hexToBytes } from '@sextant/firmware-bridge/protocol';
import type { FastifyInstance } from 'fastify';
import type { ProblemCode } from '../../api/index.ts';
import type { BucketRate } from '../../intake/token-bucket.ts';
import type { JoinDesk, JoinRefusal } from '../../validator/join-desk.ts';
import { AddressLimit } from '../address-limit.ts';
import { ApiProblem } from '../api-problem.ts';
import { keyOfId } from '../parameters.ts';
import { addJsonRoute } from '../route.ts';
import { JoinRequestSchema, JoinSchema } from '../schemas/operations.ts';

export interface JoinRoutesOptions {
  /** Attempts of one address. */
  readonly joinRate: BucketRate;
}

export const JOIN_RATE: BucketRate = { perMinute: 10, burst: 30 };

export interface JoinRoutesModules {
  readonly joinDesk: JoinDesk;
  readonly clock: Clock;
}

const REFUSALS: Readonly<Record<JoinRefusal, readonly [code: ProblemCode, detail: string]>> = {
  malformed_code: ['code_malformed', 'This is no invitation code. Copy it again, with all of its groups.'],
  not_ours: ['code_not_ours', 'This code is of another network or validator. Ask this validator’s operator for one.'],
  expired: ['code_expired', 'This code has expired. Ask the validator’s operator for a new one.'],
  code_used: ['code_used', 'Another key has joined with this code. Ask the validator’s operator for a new one.'],
  other_kind: [
    'code_other_kind',
    'This code invites another kind of participant (hotspot or survey device). Ask for one of yours.',
  ],
  key_not_allowed: ['key_not_allowed', 'This key is weak: anyone could sign for it. Make a new one with `init`.'],
  bad_signature: [
    'signature_wrong',
    'The signature is not of this key over this request. Check the network id, the owner and the code.',
  ],
  other_owner: [
    'key_known',
    'This key is known already, with another owner or as another kind. Make a new key with `init`.',
  ],
};

export function addJoinRoutes(app: FastifyInstance, options: JoinRoutesOptions, modules: JoinRoutesModules): void {
  const limit = new AddressLimit(options.joinRate, modules);
  addJsonRoute(app, {
    method: 'POST',
    url: '/api/v1/join',
    tag: 'joining',
    operationId: 'join',
    summary: 'Makes a new key known, with an invitation code',
    description: 'Asking again with the same key, kind and owner is no error and gets the same answer.',
    body: JoinRequestSchema,
    answer: JoinSchema,
    problems: ['too_many_requests', 'ledger_unavailable', ...Object.values(REFUSALS).map(([code]) => code)],
    async handle({ body, request }) {
      limit.take(request.ip);
      const result = await modules.joinDesk.join({
        key: keyOfId(body.key, body.participant),
        participant: body.participant,
        owner: hexToBytes(body.owner.slice(2)),
        code: body.code,
        keySignature: hexToBytes(body.keySignature),
      });
      if (!result.ok) throw new ApiProblem(...REFUSALS[result.reason]);
      return { key: body.key, owner: body.owner };
    },
  });
}
