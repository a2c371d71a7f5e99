import { describe, expect, it } from 'vitest';
import { decodeOwnerTotals, encodeOwnerTotals } from './owner-totals.ts';

describe('owner totals on the disk', () => {
  const owners = [0n, 1n, 10n ** 18n, 2n ** 256n - 1n].map((cumulative, i) => ({
    owner: new Uint8Array(20).fill(i),
    cumulative,
  }));

  it('come back as they were', () => {
    const bytes = encodeOwnerTotals(owners);
    expect(bytes.length).toBe(4 * 52);
    expect(decodeOwnerTotals(bytes)).toEqual(owners);
    expect(decodeOwnerTotals(encodeOwnerTotals([]))).toEqual([]);
  });

  it('are nothing when bytes are missing', () => {
    expect(decodeOwnerTotals(encodeOwnerTotals(owners).subarray(1))).toBeUndefined();
  });
});
