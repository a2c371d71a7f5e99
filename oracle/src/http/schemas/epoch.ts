import { z } from 'zod';
import {
  type EpochListItem,
  type EpochProofView,
  type EpochView,
  type LeafProofView,
  type LogProofView,
  type OwnerProofView,
  type Page,
  PROVEN_ROOTS,
} from '../../api/index.ts';
import { REWARD_CLASSES, ROOT_NAMES } from '../../core/epoch/result.ts';
import { HexCountsSchema } from './network.ts';
import { Address, Amount, count, Hash, pageOf } from './text.ts';
import { Outcomes, ReasonName } from './verdict.ts';
import { view } from './view.ts';

const itemFields = {
  epoch: count,
  startMs: count,
  endMs: count,
  ruleSet: count,
  total: Amount,
  unminted: Amount,
  hotspotsPaid: count,
  hexes: HexCountsSchema,
  outcomes: Outcomes,
  roots: z.record(z.enum(ROOT_NAMES), Hash),
  summaryHash: Hash,
};

const EpochItemSchema = view<EpochListItem>()('EpochListItem', 'A closed epoch', z.object(itemFields));

export const EpochPage = view<Page<EpochListItem>>()(
  'EpochPage',
  'Closed epochs, newest first',
  pageOf(EpochItemSchema),
);

export const EpochSchema = view<EpochView>()(
  'EpochView',
  'A closed epoch with its cut, reasons and rewards',
  z.object({
    ...itemFields,
    attempt: count,
    ruleSetId: Hash,
    coreVersion: z.string(),
    cut: z.array(z.object({ origin: z.string(), size: count, root: Hash })),
    registry: z
      .object({ chainId: count, registry: Address, block: count, hash: Hash })
      .describe('Up to where the registry of a chain was read: owners are who it says there')
      .exactOptional(),
    voidRounds: z.array(count),
    byReason: z.partialRecord(ReasonName, count),
    held: Amount,
    byClass: z.record(z.enum(REWARD_CLASSES), Amount),
    previous: Hash.exactOptional(),
  }),
);

const LeafProofSchema = view<LeafProofView>()(
  'LeafProofView',
  'A leaf and its place in an RFC 6962 tree',
  z.object({ leafIndex: count, leaf: z.string().regex(/^([0-9a-f]{2})*$/), path: z.array(Hash) }),
);

export const EpochProofSchema = view<EpochProofView>()(
  'EpochProofView',
  'Proof that a verdict or the rewards of a key are in an epoch’s summary',
  z.object({
    epoch: count,
    summaryHash: Hash,
    root: z.enum(PROVEN_ROOTS),
    rootHash: Hash,
    treeSize: count,
    leaves: z.array(LeafProofSchema),
  }),
);

export const OwnerProofSchema = view<OwnerProofView>()(
  'OwnerProofView',
  'What an owner can claim, with the proof the contract asks for',
  z.object({
    epoch: count,
    summaryHash: Hash,
    owner: Address,
    cumulative: Amount,
    rootHash: Hash,
    path: z.array(Hash),
  }),
);

export const LogProofSchema = view<LogProofView>()(
  'LogProofView',
  'An entry of the log under its latest checkpoint',
  z.object({
    origin: z.string(),
    leafIndex: count,
    treeSize: count,
    leafHash: Hash,
    rootHash: Hash,
    path: z.array(Hash),
    checkpoint: z.string(),
  }),
);
