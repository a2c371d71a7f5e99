/**
 * a / b rounded to the nearest integer, halves away from zero. Exact while |a| and b are integers below 2^52: the
 * quotient's floor and the remainder are. b > 0.
 */
export function divideRounded(a: number, b: number): number {
  const magnitude = Math.abs(a);
  const remainder = magnitude % b;
  const quotient = (magnitude - remainder) / b + (2 * remainder >= b ? 1 : 0);
  return a < 0 ? 0 - quotient : quotient;
}

/** ⌊√n⌋ of an integer 0 ≤ n < 2^53, exact whatever the engine's `Math.sqrt` does in its last bit. */
export function integerSqrt(n: number): number {
  let root = Math.floor(Math.sqrt(n));
  while (root * root > n) root--;
  while ((root + 1) * (root + 1) <= n) root++;
  return root;
}

/** The middle one, of two the smaller; undefined of none. */
export function lowerMedian(values: readonly number[]): number | undefined {
  return lowerQuantile(values, 50);
}

/** The greatest that at most so many percent are smaller than; undefined of none. */
export function lowerQuantile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100)];
}
