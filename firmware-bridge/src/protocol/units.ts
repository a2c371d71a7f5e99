/**
 * Quantities carry their unit in the name and in the type; the brands below exist only for the compiler.
 * Tenths (`Ddb…`) are what travels and what is compared: integers, so that every validator gets the same answer.
 */
declare const unit: unique symbol;
type Quantity<U extends string> = number & { readonly [unit]: U };

/** Tenths of dBm. */
export type Ddbm = Quantity<'ddBm'>;
/** Tenths of dB. */
export type Ddb = Quantity<'ddB'>;
/** Tenths of dBi. */
export type Ddbi = Quantity<'ddBi'>;
/** Hertz, integer. */
export type Hertz = Quantity<'Hz'>;
/** Metres, integer. */
export type Metres = Quantity<'m'>;
/** Milliseconds since 1970-01-01T00:00:00Z, integer. */
export type UnixMs = Quantity<'unix ms'>;

export const ddbm = (tenths: number): Ddbm => tenths as Ddbm;
export const ddb = (tenths: number): Ddb => tenths as Ddb;
export const ddbi = (tenths: number): Ddbi => tenths as Ddbi;
export const hertz = (value: number): Hertz => value as Hertz;
export const metres = (value: number): Metres => value as Metres;
export const unixMs = (value: number): UnixMs => value as UnixMs;

/** dBm (any number) → tenths, rounded half away from zero. */
export const ddbmFromDbm = (dbm: number): Ddbm => roundHalfAway(dbm * 10) as Ddbm;
/** dB (any number) → tenths, rounded half away from zero. */
export const ddbFromDb = (db: number): Ddb => roundHalfAway(db * 10) as Ddb;
/** Megahertz as gateways write them (`868.1`) → hertz. */
export const hertzFromMhz = (mhz: number): Hertz => roundHalfAway(mhz * 1_000_000) as Hertz;

function roundHalfAway(value: number): number {
  const magnitude = Math.floor(Math.abs(value) + 0.5);
  return magnitude === 0 ? 0 : value < 0 ? -magnitude : magnitude;
}
