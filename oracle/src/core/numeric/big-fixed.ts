/**
 * Fixed-point numbers of 160 fractional bits in BigInt: only to build tables, so that every engine builds the same.
 * Each function is off by less than 2^-150 for the arguments the tables use.
 */
export const FRACTION_BITS = 160n;
export const ONE = 1n << FRACTION_BITS;

/** atanh(numerator / denominator) for a ratio within 0 … 1/3, by its Taylor series. */
function fixedAtanh(numerator: bigint, denominator: bigint): bigint {
  const square = numerator * numerator;
  const squareBelow = denominator * denominator;
  let power = (ONE * numerator) / denominator;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = (power * square) / squareBelow;
  }
  return sum;
}

/** ln(numerator / denominator) for a ratio within 1 … 2. */
export function fixedLn(numerator: bigint, denominator: bigint): bigint {
  return 2n * fixedAtanh(numerator - denominator, numerator + denominator);
}

export const LN_2 = fixedLn(2n, 1n);
/** ln 10 = 3 ln 2 + ln (10/8). */
export const LN_10 = 3n * LN_2 + fixedLn(10n, 8n);

/** e^x for a fixed-point x within −1 … 1, by its Taylor series. */
export function fixedExp(x: bigint): bigint {
  let term = ONE;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k++) {
    sum += term;
    term = (term * x) / (k << FRACTION_BITS);
  }
  return sum;
}

/** π = 16 atan(1/5) − 4 atan(1/239) (Machin). */
export const PI = 16n * fixedAtanOfInverse(5n) - 4n * fixedAtanOfInverse(239n);

function fixedAtanOfInverse(n: bigint): bigint {
  let power = ONE / n;
  let sum = 0n;
  for (let k = 1n, sign = 1n; power !== 0n; k += 2n, sign = -sign) {
    sum += (sign * power) / k;
    power /= n * n;
  }
  return sum;
}

/** value × scale rounded to the nearest integer, value ≥ 0. */
export function scaledRound(value: bigint, scale: bigint): bigint {
  return (value * scale + (ONE >> 1n)) >> FRACTION_BITS;
}

/** √value of a fixed-point value ≥ 0, rounded down. */
export function fixedSqrt(value: bigint): bigint {
  const square = value << FRACTION_BITS;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
