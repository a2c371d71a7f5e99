import { z } from 'zod';
import {
  type HexCounts,
  type NetworkView,
  ROUND_STATES,
  type TimingView,
  type ValidatorView,
} from '../../api/index.ts';
import { Address, BoundsBox, count, Hash } from './text.ts';
import { view } from './view.ts';

export const HexCountsSchema = view<HexCounts>()(
  'HexCounts',
  'Numbers of resolution-9 cells',
  z.object({ covered: count, surveyedNotCovered: count }),
);

const TimingSchema = view<TimingView>()(
  'TimingView',
  'The time grid, milliseconds',
  z.object({
    genesisMs: count,
    slotMs: count,
    roundMs: count,
    epochMs: count,
    clockMarginMs: count,
    epochGraceMs: count,
  }),
);

const ValidatorSchema = view<ValidatorView>()(
  'ValidatorView',
  'A validator and its broker',
  z.object({
    id: z.string(),
    origin: z.string(),
    chainAnchor: Hash,
    firstRound: count,
    owner: Address,
    brokerUrl: z.string(),
    needsBrokerSession: z.boolean(),
  }),
);

export const RoundStateName = z.enum(ROUND_STATES);

export const NetworkSchema = view<NetworkView>()(
  'NetworkView',
  'What a visitor, and a bridge at init, needs first',
  z.object({
    networkId: z.string(),
    ruleSet: count,
    ruleSetId: Hash,
    serverTimeMs: count,
    timing: TimingSchema,
    validators: z.array(ValidatorSchema),
    round: z.object({ index: z.int(), state: RoundStateName }),
    epoch: z.int(),
    latestClosedEpoch: count.exactOptional(),
    hotspots: count,
    hotspotsActive: count,
    surveyDevices: count,
    hexes: HexCountsSchema,
    bounds: BoundsBox.exactOptional(),
  }),
);
