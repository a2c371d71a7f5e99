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
