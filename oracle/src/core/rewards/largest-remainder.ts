import { compareBytes } from '@sextant/firmware-bridge/protocol';

export interface Claim {
  /** Breaks ties; no two claims have the same. */
  readonly key: Uint8Array;
  readonly shares: bigint;
}

/**
 * Splits `pool` in proportion to the shares, to the last unit: everybody's quotient rounded down, and what is left over
 * one unit each to the largest remainders, ties by key. The parts add up to `pool`; they are all 0 when nobody has shares.
 */
export function splitByShares(pool: bigint, claims: readonly Claim[]): bigint[] {
  const total = claims.reduce((sum, claim) => sum + claim.shares, 0n);
  if (total === 0n) return claims.map(() => 0n);
  const parts = claims.map((claim) => (pool * claim.shares) / total);
  const leftOver = Number(pool - parts.reduce((sum, part) => sum + part, 0n));
  const remainders = claims.map((claim, i) => ({ i, key: claim.key, remainder: (pool * claim.shares) % total }));
  remainders.sort((a, b) =>
    a.remainder === b.remainder ? compareBytes(a.key, b.key) : a.remainder > b.remainder ? -1 : 1,
  );
  for (const { i } of remainders.slice(0, leftOver)) parts[i] = (parts[i] as bigint) + 1n;
  return parts;
}
