import { integerSqrt } from '../numeric/integers.ts';

/**
 * How far points lie from their best straight line: the standard deviation, with two degrees of freedom spent on the
 * line, rounded down to a whole unit of y. Exact integers of any size. Undefined below three points.
 */
export function spreadAroundLine(points: readonly { readonly x: number; readonly y: number }[]): number | undefined {
  const n = BigInt(points.length);
  if (n < 3n) return undefined;
  let [sumX, sumY, sumXX, sumXY, sumYY] = [0n, 0n, 0n, 0n, 0n];
  for (const point of points) {
    const [x, y] = [BigInt(point.x), BigInt(point.y)];
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
    sumYY += y * y;
  }
  const xx = n * sumXX - sumX * sumX;
  const xy = n * sumXY - sumX * sumY;
  const yy = n * sumYY - sumY * sumY;
  const squares = xx === 0n ? yy : yy - (xy * xy) / xx;
  return integerSqrt(Number(squares / (n * (n - 2n))));
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
