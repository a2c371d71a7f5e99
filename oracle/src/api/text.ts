/** How values travel in JSON: everything that is not a small integer is text, so that no reader loses digits. */

/** Base units (10^-18 token) as a decimal integer without sign or leading zeros, e.g. `"1250000000000000000"`. */
export type AmountText = string;
/** H3 index as 15 lower-case hex digits, e.g. `"891e24aa8d7ffff"`. */
export type CellText = string;
/** 32 bytes as 64 lower-case hex digits. */
export type HashText = string;
/** bech32m of a public key: `hs1…` a hotspot, `sv1…` a survey device. */
export type ParticipantId = string;
/** EVM address, `0x` and 40 lower-case hex digits. */
export type AddressText = string;

/** Longitude and latitude in degrees, 6 decimals. */
export type LngLat = readonly [lng: number, lat: number];
/** Corners of a hexagon (5–10 of them), anticlockwise, not closed; longitudes may leave ±180 so that no edge jumps. */
export type Boundary = readonly LngLat[];
/** West, south, east, north in degrees; west > east when the box crosses the antimeridian. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** Decimal places of the token. */
export const TOKEN_DECIMALS = 18;

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque cursor of the next page (the `after` or `before` parameter); absent on the last one. */
  readonly next?: string;
}
