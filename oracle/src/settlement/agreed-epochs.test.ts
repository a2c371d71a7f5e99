import { createHash } from 'node:crypto';
import { createOwnerTree } from '@sextant/contracts-client/encoding';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { archivedEpochs } from './agreed-epochs.ts';

/** Three epochs; each adds a unit for the first owner, and the second is paid in the last one. */
const owners = [1n, 2n, 3n].map((cumulative, epoch) => [
  { owner: new Uint8Array(20).fill(1), cumulative },
  ...(epoch === 2 ? [{ owner: new Uint8Array(20).fill(2), cumulative: 40n }] : []),
]);
const roots = owners.map((leaves) => createOwnerTree(leaves).root);
const summaries = roots.map((root, epoch) =>
  Buffer.from(JSON.stringify({ epoch: String(epoch), attempt: '0', roots: { owners: bytesToHex(root) }, total: '9' })),
);
const archive = {
  findSummary: async (epoch: number) => summaries[epoch],
  findOwnerTotals: async (epoch: number) => owners[epoch],
};

describe('agreed epochs of a network with one validator', () => {
  it('carry what can be claimed, the root before, and the hash of exactly the archived bytes', async () => {
    const epochs = archivedEpochs(archive);
    expect(await epochs.find(2)).toEqual({
      epoch: 2,
      attempt: 0,
      summaryHash: new Uint8Array(
        createHash('sha256')
          .update(summaries[2] ?? '')
          .digest(),
      ),
      root: roots[2],
      prevRoot: roots[1],
      totalBefore: 2n,
      total: 43n,
    });
    expect(await epochs.find(0)).toMatchObject({ totalBefore: 0n, total: 1n, prevRoot: new Uint8Array(32) });
  });

  it('are not there before they are closed, nor with a gap before them', async () => {
    expect(await archivedEpochs(archive).find(3)).toBeUndefined();
    const gap = { ...archive, findSummary: async (epoch: number) => (epoch === 1 ? undefined : summaries[epoch]) };
    expect(await archivedEpochs(gap).find(2)).toBeUndefined();
  });

  it.each([
    ['the summary of another epoch', { ...archive, findSummary: async () => summaries[1] }],
    ['owners that do not fit the root', { ...archive, findOwnerTotals: async () => owners[1] }],
  ])('are refused with %s', async (_, mixed) => {
    await expect(archivedEpochs(mixed).find(0)).rejects.toThrow('sextant-oracle rebuild');
  });
});
