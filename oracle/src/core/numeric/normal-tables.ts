import { FRACTION_BITS, fixedExp, fixedLn, fixedSqrt, LN_2, ONE, PI, scaledRound } from './big-fixed.ts';

/** Logarithms are in micronats: 10^-6 of a natural unit. */
const MICRO = 1_000_000n;
/** Bits of an argument a logarithm is taken of: far more than a micronat needs, and quicker than all of them. */
const LOG_BITS = 64n;

const ROOT_OF_2_PI = fixedSqrt(2n * PI);

/** A signal level that a log-normal model explains, or nothing does. */
export interface HeardModel {
  readonly sigmaDdb: number;
  /** Percent of levels the model says nothing about; spread evenly over `outlierSpanDdb`. */
  readonly outlierPercent: number;
  readonly outlierSpanDdb: number;
}

/**
 * Log-likelihood of a residual of 0, 1, … `last` tenths of dB, micronats: ln((1 − e) N(r; σ) + e / span), densities a dB.
 */
export function buildHeardTable(model: HeardModel, last: number): Int32Array {
  const { sigmaDdb, outlierPercent, outlierSpanDdb } = model;
  const floor = (ONE * BigInt(outlierPercent)) / (10n * BigInt(outlierSpanDdb));
  const peak = (((ONE * BigInt(100 - outlierPercent)) / BigInt(10 * sigmaDdb)) * ONE) / ROOT_OF_2_PI;
  const table = new Int32Array(last + 1);
  let k = 0;
  for (const bell of bells(BigInt(sigmaDdb))) {
    table[k] = micronatsOf(((peak * bell) >> FRACTION_BITS) + floor);
    if (k++ === last) break;
  }
  return table;
}

/**
 * ln(λ + (1 − λ) Φ(k / 100)) in micronats for k = −last … last, at index k + last: that somebody is silent who is so for
 * no reason with probability λ, and otherwise when the signal is too weak.
 */
export function buildSilenceTable(deafPercent: number, last: number): Int32Array {
  const table = new Int32Array(2 * last + 1);
  const write = (index: number, phi: bigint): void => {
    const deaf = BigInt(deafPercent);
    table[index] = micronatsOf((deaf * ONE + (100n - deaf) * phi) / 100n);
  };
  let k = 0;
  for (const bell of bells(100n)) {
    const beyondHalf = (((bell * ONE) / ROOT_OF_2_PI) * normalSeries(BigInt(k))) >> FRACTION_BITS;
    write(last + k, ONE / 2n + beyondHalf);
    write(last - k, ONE / 2n - beyondHalf);
    if (k++ === last) break;
  }
  return table;
}

/** The standard normal distribution in millionths, at z = k / 100 for k = −last … last: index k + last. */
export interface NormalTable {
  readonly last: number;
  readonly cumulative: Int32Array;
  readonly density: Int32Array;
}

export function buildNormalTable(last: number): NormalTable {
  const [cumulative, density] = [new Int32Array(2 * last + 1), new Int32Array(2 * last + 1)];
  let k = 0;
  for (const bell of bells(100n)) {
    const height = (bell * ONE) / ROOT_OF_2_PI;
    const beyondHalf = (height * normalSeries(BigInt(k))) >> FRACTION_BITS;
    cumulative[last + k] = Number(scaledRound(ONE / 2n + beyondHalf, MICRO));
    cumulative[last - k] = Number(scaledRound(ONE / 2n - beyondHalf, MICRO));
    density[last + k] = Number(scaledRound(height, MICRO));
    density[last - k] = Number(scaledRound(height, MICRO));
    if (k++ === last) break;
  }
  return { last, cumulative, density };
}

/** e^(−k² / 2σ²) for k = 0, 1, 2, … */
function* bells(sigma: bigint): Iterable<bigint> {
  const square = sigma * sigma;
  let bell = ONE;
  let fall = fixedExp(-ONE / (2n * square));
  const steeper = fixedExp(-ONE / square);
  for (;;) {
    yield bell;
    bell = (bell * fall) >> FRACTION_BITS;
    fall = (fall * steeper) >> FRACTION_BITS;
  }
}

/** Σ z^(2j+1) / (1 · 3 · … · (2j+1)) for z = k / 100: times the bell over √2π it is Φ(z) − ½. All terms are positive. */
function normalSeries(k: bigint): bigint {
  let term = (ONE * k) / 100n;
  let sum = 0n;
  for (let odd = 3n; term > 0n; odd += 2n) {
    sum += term;
    term = (term * k * k) / (10_000n * odd);
  }
  return sum;
}

/** Natural logarithm of a fixed-point value within 2^-60 … 2^20, in micronats to the nearest. */
function micronatsOf(value: bigint): number {
  let exponent = 0n;
  let mantissa = value;
  for (; mantissa < ONE; mantissa <<= 1n) exponent--;
  for (; mantissa >= 2n * ONE; mantissa >>= 1n) exponent++;
  const ln = fixedLn(mantissa >> (FRACTION_BITS - LOG_BITS), 1n << LOG_BITS) + exponent * LN_2;
  return ln < 0n ? -Number(scaledRound(-ln, MICRO)) : Number(scaledRound(ln, MICRO));
}
