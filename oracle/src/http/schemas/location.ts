import { ACCUSATION_CODES, RULINGS, type Ruling } from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import {
  type AccusationView,
  type AppealView,
  type AreaLawView,
  type LocationView,
  PLACE_LINK_KINDS,
  type PlaceCellView,
  type PlaceLinkView,
} from '../../api/index.ts';
import { BoundaryRing, Cell, count, tenths } from './text.ts';
import { CheckLine, OutcomeName, Participant, ReasonName } from './verdict.ts';
import { view } from './view.ts';

/** 10,000 is full trust. */
const permyriad = count;

const PlaceCell = view<PlaceCellView>()(
  'PlaceCellView',
  'A cell with its outline',
  z.object({ cell: Cell, boundary: BoundaryRing }),
);

const PlaceLink = view<PlaceLinkView>()(
  'PlaceLinkView',
  'How one link speaks for the asserted place or against it',
  z.object({
    ...PlaceCell.shape,
    other: Participant,
    kind: z.enum(PLACE_LINK_KINDS).describe('silent: one near by listened and never heard it'),
    lossDdb: tenths.describe('Mean path loss, less what the other one loses; of silence the least that explains it'),
    expectedLossDdb: tenths.describe('What the model expects if the hotspot is where it says'),
    residualDdb: tenths.describe('Expected less measured loss: positive = stronger than expected'),
    weight: permyriad.describe('In 1/10,000'),
    againstMicronats: z.int().describe('Millionths of a nat; positive = it speaks against the asserted place'),
  }),
);

const RulingName = z.enum(Object.keys(RULINGS) as Ruling[]);

const Appeal = view<AppealView>()(
  'AppealView',
  'The appeal of an owner; without a ruling it is being reviewed',
  z.object({
    epoch: count.describe('The one it counted in'),
    lastReviewEpoch: count.describe('Reviews count up to and with this one'),
    reviews: z.array(z.object({ validator: count, ruling: RulingName })).describe('By place in the network’s list'),
    ruling: RulingName.describe('What enough validators have said').exactOptional(),
    ruledEpoch: count.exactOptional(),
  }),
);

const Accusation = view<AccusationView>()(
  'AccusationView',
  'Something held against a hotspot that has not decayed yet',
  z.object({
    code: z.enum(ACCUSATION_CODES),
    epoch: count.describe('The last one whose evidence bore it out: what an appeal names'),
    epochs: count.describe('Those that bore it out so far: a mere suspicion before the third'),
    checks: z.array(CheckLine),
    accused: z.boolean().describe('Three epochs have borne it out, and no review has dismissed it'),
    strength: permyriad.describe('What part of the pay it takes, in 1/10,000'),
    endsEpoch: count.describe('Unless new evidence bears it out; of a dismissed one: it is not raised again before'),
    reviewEpochs: count.describe('So many epochs after the one an appeal counts in validators can review it'),
    appeal: Appeal.exactOptional(),
  }),
);

const AreaLaw = view<AreaLawView>()(
  'AreaLawView',
  'How signals weaken in an area, as its proven hotspots hear each other',
  z.object({
    lossAtKmDdb: tenths.describe('Loss at 1 km'),
    exponentPercent: count.describe('n of 10 n log10(km), in percent'),
    sigmaDdb: tenths.describe('One standard deviation of what links differ from it'),
  }),
);

export const LocationSchema = view<LocationView>()(
  'LocationView',
  'What a closed epoch said about the place of a hotspot',
  z.object({
    hotspot: Participant,
    epoch: count,
    ...PlaceCell.shape,
    outcome: OutcomeName,
    reason: ReasonName,
    checks: z.array(CheckLine),
    gapMicronats: count.describe(
      'By how much the likeliest place is likelier than all within some 1 km of the asserted one',
    ),
    likeliest: PlaceCell.exactOptional(),
    region: z.array(PlaceCell).describe('Holds the place with 95 %'),
    witnesses: count.describe('Independent ones that are trusted at all'),
    witnessTrust: permyriad.describe('What their trust adds up to: 10,000 is one fully trusted witness'),
    trust: permyriad.describe('Its own, in 1/10,000'),
    doubtfulEpochs: count.describe('Epochs in which new witnesses spoke against the place'),
    links: z.array(PlaceLink).describe('Those that weigh most, first'),
    accusations: z.array(Accusation),
    law: AreaLaw.exactOptional().describe(
      'By which links were weighed; absent where too few are proven around to tell',
    ),
  }),
);
