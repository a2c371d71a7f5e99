import { fixedLn, LN_2, LN_10, ONE, scaledRound } from './big-fixed.ts';

const INTERVALS = 1024;
const MAX_EXPONENT = 42;
/** Bits of the position within an interval that take part in the interpolation. */
const POSITION_SCALE = 2 ** 20;

/** 10 log10(1 + k / 1024) in µdB, k = 0 … 1024. */
const MANTISSA_UDB: readonly number[] = buildMantissaTable();
/** 10 log10(2^e) in µdB. */
const EXPONENT_UDB: readonly number[] = Array.from({ length: MAX_EXPONENT + 1 }, (_, e) =>
  decibelsOfLn(LN_2 * BigInt(e)),
);
const POWERS_OF_TWO: readonly number[] = Array.from({ length: MAX_EXPONENT + 1 }, (_, e) => Number(1n << BigInt(e)));

/**
 * 10 log10(n) in µdB (10^-6 dB) for an integer 1 ≤ n < 2^42: a table of 1,025 entries and a straight line between two
 * of them. Never above the true value by more than 1 µdB nor below it by more than 3 µdB (0.5 + 0.5 for the rounded
 * tables, 0.52 for the chord under the curve, 1 for rounding the line down), and never falling as n grows.
 * Throws RangeError outside the range.
 */
export function tenLog10Udb(n: number): number {
  if (!Number.isInteger(n) || n < 1 || n >= (POWERS_OF_TWO[MAX_EXPONENT] as number)) {
    throw new RangeError(`10 log10(${n}) is not in the table`);
  }
  let exponent = 0;
  while ((POWERS_OF_TWO[exponent + 1] as number) <= n) exponent++;
  const octave = POWERS_OF_TWO[exponent] as number;
  const scaled = n * INTERVALS;
  const interval = Math.floor(scaled / octave) - INTERVALS;
  const position = Math.floor(((scaled - (interval + INTERVALS) * octave) * POSITION_SCALE) / octave);
  const from = MANTISSA_UDB[interval] as number;
  const rise = (MANTISSA_UDB[interval + 1] as number) - from;
  return (EXPONENT_UDB[exponent] as number) + from + Math.floor((rise * position) / POSITION_SCALE);
}

function buildMantissaTable(): number[] {
  const table = [0];
  let ln = 0n;
  for (let k = 0n; k < BigInt(INTERVALS); k++) {
    ln += fixedLn(BigInt(INTERVALS) + k + 1n, BigInt(INTERVALS) + k);
    table.push(decibelsOfLn(ln));
  }
  return table;
}

/** 10 / ln(10) × a natural logarithm, in µdB, rounded to the nearest. */
function decibelsOfLn(ln: bigint): number {
  return Number(scaledRound((ln * ONE) / LN_10, 10_000_000n));
}
