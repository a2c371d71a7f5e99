import { PARTICIPANT_KINDS, type ParticipantKind } from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import {
  type BrokerSessionRequest,
  type BrokerSessionView,
  HEALTH_COMPONENTS,
  type HealthView,
  type JoinRequest,
  type JoinView,
  PROBLEM_CODES,
  type Problem,
  type ProblemCode,
  type TileJson,
} from '../../api/index.ts';
import { Address, count, Hash, ParticipantIdText } from './text.ts';
import { view } from './view.ts';

export const ProblemSchema = view<Problem>()(
  'Problem',
  'What went wrong and what to do next (RFC 9457)',
  z.object({
    type: z.string(),
    title: z.string(),
    status: count,
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEM_CODES) as ProblemCode[]),
  }),
);

export const JoinRequestSchema = view<JoinRequest>()(
  'JoinRequest',
  'A new key asks to become known',
  z.strictObject({
    key: ParticipantIdText,
    participant: z.enum(Object.keys(PARTICIPANT_KINDS) as ParticipantKind[]),
    owner: Address,
    code: z.string().min(1).max(128),
    keySignature: z.string().regex(/^[0-9a-f]{128}$/),
  }),
);

export const JoinSchema = view<JoinView>()(
  'JoinView',
  'The key is known',
  z.object({ key: ParticipantIdText, owner: Address }),
);

export const BrokerSessionRequestSchema = view<BrokerSessionRequest>()(
  'BrokerSessionRequest',
  'A participant brings its login token',
  z.strictObject({ id: ParticipantIdText, token: z.string().min(1).max(1_024) }),
);

export const BrokerSessionSchema = view<BrokerSessionView>()(
  'BrokerSessionView',
  'The broker lets it in until then',
  z.object({ expiresAtMs: count }),
);

export const HealthSchema = view<HealthView>()(
  'HealthView',
  'Whether reports are admitted, and what does not work',
  z.object({
    status: z.enum(['ok', 'degraded', 'failing']),
    components: z.array(
      z.object({ component: z.enum(HEALTH_COMPONENTS), ok: z.boolean(), detail: z.string().exactOptional() }),
    ),
  }),
);

export const TileJsonSchema = view<TileJson>()(
  'TileJson',
  'TileJSON 3.0.0 plus a hash of the rows',
  z.object({
    tilejson: z.literal('3.0.0'),
    name: z.string(),
    tiles: z.array(z.string()),
    minzoom: count,
    maxzoom: count,
    bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).exactOptional(),
    attribution: z.string().exactOptional(),
    vector_layers: z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.string()) })),
    hash: Hash,
  }),
);
