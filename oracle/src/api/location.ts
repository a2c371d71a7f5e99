import type { AccusationCode, Ruling } from '@sextant/firmware-bridge/protocol';
import type { Boundary, CellText } from './text.ts';
import type { Check, Outcome, ParticipantRef, Reason } from './verdict.ts';

/** `sent`: others heard the hotspot. `heard`: it heard others. `silent`: one near by listened and never heard it. */
export const PLACE_LINK_KINDS = ['sent', 'heard', 'silent'] as const;
export type PlaceLinkKind = (typeof PLACE_LINK_KINDS)[number];

/** A cell with its outline. */
export interface PlaceCellView {
  readonly cell: CellText;
  readonly boundary: Boundary;
}

/** How one link speaks for the asserted place or against it. */
export interface PlaceLinkView extends PlaceCellView {
  readonly other: ParticipantRef;
  readonly kind: PlaceLinkKind;
  /** Mean path loss, tenths of dB, less what the other one is known to lose; of silence the least that explains it. */
  readonly lossDdb: number;
  /** What the model expects if the hotspot is where it says. */
  readonly expectedLossDdb: number;
  /** Expected less measured loss, tenths of dB: positive = stronger than expected. */
  readonly residualDdb: number;
  /** In 1/10,000. */
  readonly weight: number;
  /** Millionths of a nat, weighed. Positive: it speaks against the asserted place. */
  readonly againstMicronats: number;
}

/** Something held against the hotspot that has not decayed yet; a mere suspicion until three epochs have borne it out. */
export interface AccusationView {
  readonly code: AccusationCode;
  /** The last epoch whose evidence bore it out: what an appeal names. */
  readonly epoch: number;
  /** Epochs that bore it out so far. */
  readonly epochs: number;
  readonly checks: readonly Check[];
  /** Three epochs have borne it out and no review has dismissed it: its owner can appeal. */
  readonly accused: boolean;
  /** What part of the pay it takes, in 1/10,000. */
  readonly strength: number;
  /** The epoch it ends in unless new evidence bears it out; of a dismissed one: until then it is not raised again. */
  readonly endsEpoch: number;
  /** So many epochs after the one an appeal counts in validators can review it. */
  readonly reviewEpochs: number;
  /** The owner's appeal; without a ruling it is being reviewed. */
  readonly appeal?: AppealView;
}

export interface AppealView {
  /** The epoch it counted in. */
  readonly epoch: number;
  /** Reviews count up to and with this one. */
  readonly lastReviewEpoch: number;
  /** By validator: its place in the network's list. */
  readonly reviews: readonly { readonly validator: number; readonly ruling: Ruling }[];
  /** What enough validators have said, and in which epoch. */
  readonly ruling?: Ruling;
  readonly ruledEpoch?: number;
}

/** `GET /api/v1/hotspots/{id}/location?epoch=N`: is it where it says? Without `epoch` of the newest closed one. */
export interface LocationView extends PlaceCellView {
  readonly hotspot: ParticipantRef;
  readonly epoch: number;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly checks: readonly Check[];
  /** By how much the likeliest place is likelier than all within some 1 km of the asserted one, millionths of a nat. */
  readonly gapMicronats: number;
  /** Absent without any link. */
  readonly likeliest?: PlaceCellView;
  /** Holds the place with 95 %: up to 64 cells of one resolution. Empty without any link. */
  readonly region: readonly PlaceCellView[];
  /** Independent ones that are trusted at all. */
  readonly witnesses: number;
  /** What their trust adds up to: 10,000 is one fully trusted witness. */
  readonly witnessTrust: number;
  /** Its own, in 1/10,000. */
  readonly trust: number;
  /** Epochs in which new witnesses spoke against the place; from the third on it is refuted. */
  readonly doubtfulEpochs: number;
  /** Those that weigh most, first; 14 at most. */
  readonly links: readonly PlaceLinkView[];
  readonly accusations: readonly AccusationView[];
  /** By which the links were weighed; absent where too few hotspots are proven around to tell. */
  readonly law?: AreaLawView;
}

/** How signals weaken in an area, as its proven hotspots hear each other: so much at 1 km, and 10 n log10(km) beyond. */
export interface AreaLawView {
  readonly lossAtKmDdb: number;
  /** n, in percent. */
  readonly exponentPercent: number;
  /** One standard deviation of what links differ from it. */
  readonly sigmaDdb: number;
}

export type { AccusationCode, Ruling };
