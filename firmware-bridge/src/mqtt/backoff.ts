import type { RandomSource } from '../random.ts';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait before try `attempt` (from 0): doubling up to the longest, and of that a random half to whole, so
 * that all bridges do not come back at the same moment.
 */
export function backoffMs({ firstMs, longestMs }: BackoffOptions, attempt: number, random: RandomSource): number {
  const whole = Math.min(firstMs * 2 ** Math.min(attempt, 30), longestMs);
  const half = Math.ceil(whole / 2);
  return half + random.below(whole - half + 1);
}
