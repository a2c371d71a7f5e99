const LOG_SQRT_2PI = 0.9189385332046727;

/** Log of the standard normal density. */
export const logDensity = (z: number): number => -0.5 * z * z - LOG_SQRT_2PI;

/** Log of the standard normal distribution function, good to 10^-6 relative, also far out in the lower tail. */
export function logCumulative(z: number): number {
  if (z > 0) return Math.log1p(-0.5 * complementaryError(z / Math.SQRT2));
  if (z > -20) return Math.log(0.5 * complementaryError(-z / Math.SQRT2));
  return logDensity(z) - Math.log(-z);
}

/** erfc(x) for x ≥ 0, relative error below 1.2 × 10^-7 (Chebyshev fit of Numerical Recipes, §6.2). */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  let polynomial = 0;
  for (let i = series.length - 1; i >= 0; i--) polynomial = polynomial * t + (series[i] ?? 0);
  return t * Math.exp(-x * x + polynomial);
}
