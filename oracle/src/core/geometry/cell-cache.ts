/** A cell's centre as integers, with the largest distance from it to any point of the cell. */
export interface CellCentre {
  readonly resolution: number;
  /** 10^-7 degrees, north positive. */
  readonly latE7: number;
  /** 10^-7 degrees, east positive. */
  readonly lngE7: number;
  /** Unit vector in 2^-25 of the earth's radius, see distance.ts. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Remembers centres between judgements; the caller owns it and its size. A `Map` will do. */
export interface CellCache {
  get(cell: bigint): CellCentre | undefined;
  set(cell: bigint, centre: CellCentre): unknown;
}
