import {
  ACCUSATION_CODES,
  GRANT_KINDS,
  type GrantKind,
  parseId,
  RULINGS,
  type Ruling,
} from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import type { AccusationView } from '../api/index.ts';
import type { GrantResult } from '../validator/grant-desk.ts';
import type { ReviewResult } from '../validator/review-desk.ts';

/** A grant's epochs: a hundred years of days. */
export const GRANT_EPOCHS_MAX = 36_500;

const participant = z
  .string()
  .max(100)
  .refine((id) => ['hotspot', 'survey_device'].includes(parseId(id)?.kind ?? ''), 'no hs1… or sv1… id');

/** What the operator of a validator may ask its running oracle for. */
export const OPERATOR_REQUEST = z.discriminatedUnion('ask', [
  z.strictObject({
    ask: z.literal('grant'),
    id: participant,
    grant: z.enum(Object.keys(GRANT_KINDS) as GrantKind[]),
    epochs: z.int().min(1).max(GRANT_EPOCHS_MAX),
  }),
  z.strictObject({ ask: z.literal('grants') }),
  z.strictObject({ ask: z.literal('accusations') }),
  z.strictObject({
    ask: z.literal('review'),
    id: participant,
    accusation: z.enum(ACCUSATION_CODES),
    ruling: z.enum(Object.keys(RULINGS) as Ruling[]),
  }),
]);
export type OperatorRequest = z.infer<typeof OPERATOR_REQUEST>;

/** Where the network stands, with every answer. */
export interface OperatorContext {
  readonly networkId: string;
  readonly ruleSet: number;
  /** The running epoch; negative before the first. */
  readonly epoch: number;
  /** −1 while none is closed. */
  readonly latestClosedEpoch: number;
  /** M: so many validators have to grant or say the same. */
  readonly quorum: number;
  /** False under rule set 1, which has neither trust nor accusations. */
  readonly judgesPlaces: boolean;
}

/** A grant of this validator. */
export interface GrantView {
  readonly id: string;
  /** Three words. */
  readonly name: string;
  readonly grant: GrantKind;
  /** The last epoch it is in force in. */
  readonly lastEpoch: number;
}

/** Something that stands against a hotspot, as an operator sees it. */
export interface AccusedView {
  readonly id: string;
  readonly name: string;
  readonly accusation: AccusationView;
  /** What this validator has said to the appeal that is open or was ruled. */
  readonly own?: Ruling;
  /** In words, with the evidence. */
  readonly lines: readonly string[];
}

export type OperatorAnswer =
  | { readonly ask: 'grant'; readonly context: OperatorContext; readonly result: GrantResult }
  | { readonly ask: 'grants'; readonly context: OperatorContext; readonly grants: readonly GrantView[] }
  | { readonly ask: 'accusations'; readonly context: OperatorContext; readonly accused: readonly AccusedView[] }
  | {
      readonly ask: 'review';
      readonly context: OperatorContext;
      readonly result: ReviewResult | { readonly ok: false; readonly reason: 'no_closed_epoch' | 'unknown_key' };
      /** Codes that stand against it. */
      readonly standing: readonly string[];
    };
