import type { AccusationCode, Ruling } from './accusations.ts';
import type { RegistryEvents } from './registry-events.ts';
import type { GrantKind, ParticipantKind } from './reports.ts';
import type { UnixMs } from './units.ts';

/** The time grid and the validators of a network: its log's first entry. */
export interface Genesis {
  readonly kind: 'genesis';
  readonly networkId: string;
  readonly ruleSet: number;
  readonly ruleSetId: Uint8Array;
  readonly timing: Timing;
  readonly validators: readonly ValidatorEntry[];
}

export interface Timing {
  /** Start of slot 0, round 0 and epoch 0. */
  readonly genesisMs: UnixMs;
  readonly slotMs: number;
  readonly roundMs: number;
  readonly epochMs: number;
  /** W: how far an honest clock may be off. */
  readonly clockMarginMs: number;
  /** The cut is made at epoch end + grace. */
  readonly epochGraceMs: number;
}

export interface ValidatorEntry {
  readonly logKey: Uint8Array;
  readonly chainAnchor: Uint8Array;
  readonly firstRound: number;
  /** EVM address its rewards go to, 20 bytes. */
  readonly owner: Uint8Array;
}

export interface SlotClosed {
  readonly kind: 'slot_closed';
  readonly slot: number;
}

export interface RoundCertificate {
  readonly kind: 'round_certificate';
  readonly round: number;
  readonly ruleSetId: Uint8Array;
  /** Sorted by validator key. */
  readonly reveals: readonly { readonly validator: Uint8Array; readonly chainLink: Uint8Array }[];
  readonly entropy: Uint8Array;
  /** Sorted by validator key. */
  readonly signatures: readonly { readonly validator: Uint8Array; readonly signature: Uint8Array }[];
}

export interface Invitation {
  readonly kind: 'invitation';
  readonly key: Uint8Array;
  readonly participant: ParticipantKind;
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly keySignature: Uint8Array;
}

export interface Grant {
  readonly kind: 'grant';
  readonly key: Uint8Array;
  readonly grant: GrantKind;
  readonly lastEpoch: number;
}

export interface Review {
  readonly kind: 'review';
  /** The accused. */
  readonly key: Uint8Array;
  readonly accusation: AccusationCode;
  /** The epoch in which the appeal counted. */
  readonly appealEpoch: number;
  readonly ruling: Ruling;
}

export interface EpochMark {
  readonly kind: 'epoch_mark';
  readonly epoch: number;
  readonly attempt: number;
}

export type ValidatorRecord = { readonly validator: Uint8Array } & (
  | Genesis
  | SlotClosed
  | RoundCertificate
  | Invitation
  | Grant
  | EpochMark
  | Review
  | RegistryEvents
);
