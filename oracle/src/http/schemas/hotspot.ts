import { REGION_PLAN_CODES, type RegionPlanName } from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import {
  type FootprintView,
  HOTSPOT_STATUSES,
  type HotspotRewardView,
  type HotspotSummary,
  type HotspotView,
  type Page,
  type RewardLineView,
} from '../../api/index.ts';
import { REWARD_CLASSES } from '../../core/epoch/result.ts';
import { Address, Amount, BoundaryRing, Cell, count, pageOf, tenths } from './text.ts';
import { OutcomeName, Outcomes, Participant, ReasonName } from './verdict.ts';
import { view } from './view.ts';

const summaryFields = {
  ...Participant.shape,
  cell: Cell,
  boundary: BoundaryRing,
  status: z.enum(HOTSPOT_STATUSES),
  outcomes: Outcomes,
  lastReportMs: count.exactOptional(),
};

const HotspotSummarySchema = view<HotspotSummary>()(
  'HotspotSummary',
  'A hotspot at its public resolution',
  z.object(summaryFields),
);

export const HotspotPage = view<Page<HotspotSummary>>()('HotspotPage', 'Hotspots by id', pageOf(HotspotSummarySchema));

export const HotspotSchema = view<HotspotView>()(
  'HotspotView',
  'A hotspot with its assertion, outcomes and rewards',
  z.object({
    ...summaryFields,
    owner: Address,
    assertion: z.object({
      number: count,
      firstRound: count,
      antennaAglM: z.int(),
      altitudeMslM: z.int(),
      antennaGainDdbi: tenths,
      regionPlan: z.enum(Object.keys(REGION_PLAN_CODES) as RegionPlanName[]),
      canTransmit: z.boolean(),
    }),
    beacons: Outcomes,
    witnessReports: Outcomes,
    location: z
      .object({ outcome: OutcomeName, reason: ReasonName, trust: count.describe('In 1/10,000') })
      .describe('What the newest closed epoch said about its place; absent where none has')
      .exactOptional(),
    paid: Amount,
    held: Amount,
  }),
);

const RewardLineSchema = view<RewardLineView>()(
  'RewardLineView',
  'One reason why somebody was paid',
  z.object({
    rewardClass: z.enum(REWARD_CLASSES),
    shares: Amount,
    amount: Amount,
    held: z.boolean(),
    count,
    densityScale: count,
    paidTo: Address.describe(
      'Whose account it was added to; absent while it is held, and under rule set 1',
    ).exactOptional(),
  }),
);

const HotspotRewardSchema = view<HotspotRewardView>()(
  'HotspotRewardView',
  'What an epoch paid a hotspot',
  z.object({
    epoch: count,
    paid: Amount.describe('Sum of the lines that are not held, and what was released'),
    held: Amount.describe('Sum of the lines that are'),
    released: z
      .object({ amount: Amount, paidTo: Address.exactOptional() })
      .describe('Held by earlier epochs, and paid in this one because the place is proven')
      .exactOptional(),
    lines: z.array(RewardLineSchema),
  }),
);

export const HotspotRewardPage = view<Page<HotspotRewardView>>()(
  'HotspotRewardPage',
  'Rewards by epoch, newest first',
  pageOf(HotspotRewardSchema),
);

export const FootprintSchema = view<FootprintView>()(
  'FootprintView',
  'Every hexagon a hotspot hears, live',
  z.object({
    hotspot: Participant,
    cells: z.array(z.object({ cell: Cell, boundary: BoundaryRing, bestEspDdbm: tenths, links: count })),
  }),
);
