import { FRACTION_BITS, ONE, PI } from './big-fixed.ts';

/** Bits after the binary point of `sineE7`. */
export const SINE_BITS = 60n;

const ONE_SINE = 1n << SINE_BITS;

const DEGREE_E7 = 10_000_000;
const RIGHT_ANGLE_E7 = 90 * DEGREE_E7;
const FULL_CIRCLE_E7 = 360 * DEGREE_E7;

/** sin k°, k = 0 … 90, in 2^-60. */
const WHOLE_DEGREES: readonly bigint[] = Array.from({ length: 91 }, (_, k) => {
  const sine = seriesSine((PI * BigInt(k)) / 180n);
  return (sine + (1n << (FRACTION_BITS - SINE_BITS - 1n))) >> (FRACTION_BITS - SINE_BITS);
});
/** Radians of 10^-7 degrees, in 2^-160. */
const RADIANS_OF_E7 = PI / 1_800_000_000n;

/**
 * Sine of an angle in 10^-7 degrees (any integer), in 2^-60: the table's whole degree, and the angle sum with the
 * Taylor series of the rest. Off by less than 2^-57, and exactly the same on every engine.
 */
export function sineE7(angleE7: number): bigint {
  const turned = ((angleE7 % FULL_CIRCLE_E7) + FULL_CIRCLE_E7) % FULL_CIRCLE_E7;
  if (turned >= 2 * RIGHT_ANGLE_E7) return -firstHalf(turned - 2 * RIGHT_ANGLE_E7);
  return firstHalf(turned);
}

/** Cosine of an angle in 10^-7 degrees, in 2^-60; as `sineE7`. */
export function cosineE7(angleE7: number): bigint {
  return sineE7(angleE7 + RIGHT_ANGLE_E7);
}

function firstHalf(angleE7: number): bigint {
  const acute = angleE7 > RIGHT_ANGLE_E7 ? 2 * RIGHT_ANGLE_E7 - angleE7 : angleE7;
  const rest = acute % DEGREE_E7;
  const whole = (acute - rest) / DEGREE_E7;
  const sine = WHOLE_DEGREES[whole] as bigint;
  const cosine = WHOLE_DEGREES[90 - whole] as bigint;
  const radians = (BigInt(rest) * RADIANS_OF_E7) >> (FRACTION_BITS - SINE_BITS);
  const square = scaled(radians * radians);
  const fourth = scaled(square * square);
  const sixth = scaled(fourth * square);
  // The first terms left out are below 2^-71 (sine) and 2^-62 (cosine), as the rest is below 1°.
  const sineOfRest = scaled(radians * (ONE_SINE - square / 6n + fourth / 120n - sixth / 5040n));
  const cosineOfRest = ONE_SINE - square / 2n + fourth / 24n - sixth / 720n;
  return scaled(sine * cosineOfRest + cosine * sineOfRest);
}

function scaled(product: bigint): bigint {
  return product >> SINE_BITS;
}

function seriesSine(radians: bigint): bigint {
  const square = (radians * radians) / ONE;
  let term = radians;
  let sum = 0n;
  for (let k = 2n; term !== 0n; k += 2n) {
    sum += term;
    term = -(term * square) / (k * (k + 1n) * ONE);
  }
  return sum;
}
