import type { AccusationCode, Check, Ruling } from '@sextant/firmware-bridge/protocol';

/** A link of a verdict on a place, as it lies in JSON. Keys and cells are hex. */
export interface StoredPlaceLink {
  readonly key: string;
  readonly cell: string;
  readonly kind: 'sent' | 'heard' | 'silent';
  readonly lossDdb: number;
  readonly expectedLossDdb: number;
  /** In 1/10,000. */
  readonly weight: number;
  readonly againstMicronats: number;
}

export interface StoredAccusation {
  readonly code: AccusationCode;
  /** The last epoch whose evidence bore it out. */
  readonly epoch: number;
  readonly epochs: number;
  readonly checks: readonly Check[];
  /** The epoch of an appeal against it, and what became of it. */
  readonly appeal?: { readonly epoch: number; readonly ruling?: Ruling };
}
