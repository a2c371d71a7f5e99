import { z } from 'zod';
import type { OwnerRewardLine, OwnerRewardView, OwnerView, Page } from '../../api/index.ts';
import { REWARD_CLASSES } from '../../core/epoch/result.ts';
import { Address, Amount, count, pageOf } from './text.ts';
import { view } from './view.ts';

/** Every kind of participant that can earn. */
export const EARNER_ID = /^(hs|sv|val)1[02-9ac-hj-np-z]{58}$/;

export const OwnerSchema = view<OwnerView>()(
  'OwnerView',
  'What an owner has earned',
  z.object({
    owner: Address,
    participants: count,
    epoch: count.exactOptional(),
    earned: Amount,
    unclaimed: Amount,
    fromEpoch: count.exactOptional(),
  }),
);

const LineSchema = view<OwnerRewardLine>()(
  'OwnerRewardLine',
  'What one class paid in a range of epochs',
  z.object({ rewardClass: z.enum(REWARD_CLASSES), amount: Amount, held: z.boolean(), epochs: count, count }),
);

const OwnerRewardSchema = view<OwnerRewardView>()(
  'OwnerRewardView',
  'What an owner earned with one of his keys in a range of epochs',
  z.object({
    id: z.string().regex(EARNER_ID),
    name: z.string(),
    kind: z.enum(['hotspot', 'survey_device', 'validator']),
    paid: Amount,
    held: Amount.describe('What still waits for a proven place after these epochs'),
    released: Amount.describe('Held in earlier epochs and paid in these').exactOptional(),
    lines: z.array(LineSchema),
  }),
);

export const OwnerRewardPage = view<Page<OwnerRewardView>>()(
  'OwnerRewardPage',
  'Rewards of an owner by key',
  pageOf(OwnerRewardSchema),
);
