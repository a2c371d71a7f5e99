import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { archivedEpochs } from './agreed-epochs.ts';

const ROOTS = ['11', '22', '33'].map((byte) => byte.repeat(32));
const summaries = ROOTS.map((owners, epoch) =>
  Buffer.from(JSON.stringify({ epoch: String(epoch), attempt: '0', roots: { owners }, total: String(10 ** epoch) })),
);

describe('agreed epochs of a network with one validator', () => {
  const epochs = archivedEpochs({ findSummary: async (epoch) => summaries[epoch] });

  it('carry the sum of all totals, the root before, and the hash of exactly the archived bytes', async () => {
    expect(await epochs.find(2)).toEqual({
      epoch: 2,
      attempt: 0,
      summaryHash: new Uint8Array(
        createHash('sha256')
          .update(summaries[2] ?? '')
          .digest(),
      ),
      root: new Uint8Array(Buffer.from(ROOTS[2] ?? '', 'hex')),
      prevRoot: new Uint8Array(Buffer.from(ROOTS[1] ?? '', 'hex')),
      totalBefore: 11n,
      total: 111n,
    });
    expect(await epochs.find(0)).toMatchObject({ totalBefore: 0n, total: 1n, prevRoot: new Uint8Array(32) });
  });

  it('are not there before they are closed, nor with a gap before them', async () => {
    expect(await epochs.find(3)).toBeUndefined();
    const gap = archivedEpochs({ findSummary: async (epoch) => (epoch === 1 ? undefined : summaries[epoch]) });
    expect(await gap.find(2)).toBeUndefined();
  });

  it('are refused when the archive mixed them up', async () => {
    const mixed = archivedEpochs({ findSummary: async () => summaries[1] });
    await expect(mixed.find(0)).rejects.toThrow('epoch 1 in the place of 0');
  });
});
