import { ACCUSATION_CODES, type AccusationCode } from './accusations.ts';
import { FieldError } from './decode-failure.ts';
import type { Ddb, Ddbi, Ddbm, Hertz, Metres, UnixMs } from './units.ts';
import { REASONS } from './verdict.ts';

/** Checks of single fields. Each returns the value in its domain type or throws FieldError with the field's name. */

export function bytesOf(value: Uint8Array, length: number, field: string): Uint8Array {
  if (value.length === 0) throw new FieldError('missing_field', field);
  if (value.length !== length) throw new FieldError('bad_length', field);
  return value;
}

export function integerWithin(value: number, least: number, most: number, field: string): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new FieldError('out_of_range', field);
  return value;
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** 64-bit wire integers become numbers: nothing of ours needs more than 2^53. */
export function safeInteger(value: bigint, field: string): number {
  if (value < 0n || value > MAX_SAFE) throw new FieldError('out_of_range', field);
  return Number(value);
}

/** Up to the year 3084: far from overflow in every sum we make. */
const MAX_UNIX_MS = 2 ** 45;
export const unixMsOf = (value: bigint, field: string): UnixMs =>
  integerWithin(safeInteger(value, field), 0, MAX_UNIX_MS, field) as UnixMs;

/** Rounds, slots, epochs and indices: 2^40 rounds are a million years. */
const MAX_ORDINAL = 2 ** 40;
export const ordinalOf = (value: bigint, field: string): number =>
  integerWithin(safeInteger(value, field), 0, MAX_ORDINAL, field);

export const frequencyOf = (value: number, field: string): Hertz =>
  integerWithin(value, 100_000_000, 3_000_000_000, field) as Hertz;

export const spreadingFactorOf = (value: number, field: string): number => integerWithin(value, 5, 12, field);

export function bandwidthOf(value: number, field: string): Hertz {
  if (value !== 125_000 && value !== 250_000 && value !== 500_000) throw new FieldError('unknown_code', field);
  return value as Hertz;
}

/** −50 … +50 dBm: every radio and amplifier there is. */
export const powerOf = (value: number, field: string): Ddbm => integerWithin(value, -500, 500, field) as Ddbm;
/** −200 … +50 dBm. */
export const rssiOf = (value: number, field: string): Ddbm => integerWithin(value, -2000, 500, field) as Ddbm;
/** −50 … +50 dB. */
export const snrOf = (value: number, field: string): Ddb => integerWithin(value, -500, 500, field) as Ddb;
/** −30 … +50 dBi. */
export const gainOf = (value: number, field: string): Ddbi => integerWithin(value, -300, 500, field) as Ddbi;
export const metresOf = (value: number, least: number, most: number, field: string): Metres =>
  integerWithin(value, least, most, field) as Metres;

/** The name whose wire number is `value`. */
export function codeName<Name extends string>(
  codes: Readonly<Record<Name, number>>,
  value: number,
  field: string,
): Name {
  for (const name in codes) if (codes[name] === value) return name;
  throw new FieldError('unknown_code', field);
}

/** The accusation whose reason has that wire number. */
export function accusationOf(value: number, field: string): AccusationCode {
  const found = ACCUSATION_CODES.find((code) => REASONS[code] === value);
  if (!found) throw new FieldError('unknown_code', field);
  return found;
}

/** `{}` or `{ name: value }`: absent optional fields stay absent. */
export function optional<Name extends string, In, Out>(
  name: Name,
  value: In | undefined,
  convert: (value: In) => Out,
): { [K in Name]?: Out } {
  return value === undefined ? {} : ({ [name]: convert(value) } as { [K in Name]?: Out });
}

const LEVELS_MAX = 32;

/** Ascending conducted levels without repeats; 1 to 32 of them when `required`. */
export function powerLevelsOf(values: readonly number[], required: boolean, field: string): readonly Ddbm[] {
  if (values.length > LEVELS_MAX || (required && values.length === 0)) throw new FieldError('wrong_count', field);
  values.forEach((value, i) => {
    powerOf(value, field);
    if (i > 0 && (values[i - 1] as number) >= value) throw new FieldError('not_sorted', field);
  });
  return values as readonly Ddbm[];
}
