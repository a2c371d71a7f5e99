import { bytesToHex, hexToBytes, verifyConsistency, verifyInclusion } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogView } from './log-view.ts';
import { TILE_WIDTH } from './tile-path.ts';
import { hashLeaf, hashNode } from './tree-hash.ts';
import { EMPTY_TREE_HEAD, growTree } from './tree-head.ts';

/** A log whose tiles are made from all its leaf hashes, the straightforward way. */
function viewOfLeaves(leaves: readonly Uint8Array[]): LogView {
  const levels = [leaves];
  for (let below = leaves; below.length >= TILE_WIDTH; below = levels.at(-1) ?? []) {
    const count = Math.floor(below.length / TILE_WIDTH);
    levels.push(Array.from({ length: count }, (_, at) => rootOf(below.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH))));
  }
  const checkpoint = { origin: 'log', size: leaves.length, root: rootOf(leaves), note: new Uint8Array(0) };
  return new LogView({
    checkpoint: () => checkpoint,
    tile: (level, index) =>
      Promise.resolve(Buffer.concat((levels[level] ?? []).slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH))),
    bundle: (index) => Promise.resolve(leaves.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)),
  });
}

/** RFC 6962 section 2.1, by recursion. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let split = 1;
  while (2 * split < leaves.length) split *= 2;
  return hashNode(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

const manyLeaves = Array.from({ length: 70_000 }, (_, at) => hashLeaf(Buffer.from(`leaf ${at}`)));

describe('published proofs', () => {
  // transparency-dev/merkle, proof/verify_test.go at commit 02194e9 (Apache-2.0).
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const view = viewOfLeaves(leaves.map((leaf) => hashLeaf(hexToBytes(leaf))));

  it.each([
    [0, 8, ['96a296d2', '5f083f0a', '6b47aaf2']],
    [5, 8, ['bc1a0643', 'ca854ea1', 'd37ee418']],
    [2, 3, ['fac54203']],
    [1, 5, ['6e340b9c', '5f083f0a', 'bc1a0643']],
    [0, 1, []],
  ])('inclusion of %i in %i', async (leafIndex, size, hashes) => {
    const proof = await view.inclusionProof(leafIndex, size);
    expect(proof.map((hash) => bytesToHex(hash).slice(0, 8))).toEqual(hashes);
  });

  it.each([
    [1, 1, []],
    [1, 8, ['96a296d2', '5f083f0a', '6b47aaf2']],
    [6, 8, ['0ebc5d34', 'ca854ea1', 'd37ee418']],
    [2, 5, ['5f083f0a', 'bc1a0643']],
    [6, 7, ['0ebc5d34', 'b08693ec', 'd37ee418']],
    [0, 8, []],
  ])('consistency of %i with %i', async (oldSize, newSize, hashes) => {
    const proof = await view.consistencyProof(oldSize, newSize);
    expect(proof.map((hash) => bytesToHex(hash).slice(0, 8))).toEqual(hashes);
  });
});

it('proves every leaf of every small tree, and every tree within every larger one', async () => {
  const leaves = manyLeaves.slice(0, 40);
  const view = viewOfLeaves(leaves);
  for (let size = 1; size <= leaves.length; size++) {
    const root = await view.rootAt(size);
    expect(bytesToHex(root)).toBe(bytesToHex(rootOf(leaves.slice(0, size))));
    for (let leafIndex = 0; leafIndex < size; leafIndex++) {
      const claim = { leafIndex, treeSize: size, leafHash: leaves[leafIndex] as Uint8Array, root };
      expect(verifyInclusion(claim, await view.inclusionProof(leafIndex, size))).toBe(true);
    }
    for (let oldSize = 0; oldSize <= size; oldSize++) {
      const claim = { oldSize, oldRoot: await view.rootAt(oldSize), newSize: size, newRoot: root };
      expect(verifyConsistency(claim, await view.consistencyProof(oldSize, size))).toBe(true);
    }
  }
});

it('proves leaves and growth across three levels of tiles, and no spoiled proof', async () => {
  const view = viewOfLeaves(manyLeaves);
  const position = fc.integer({ min: 0, max: manyLeaves.length - 1 });
  await fc.assert(
    fc.asyncProperty(position, position, position, async (a, b, at) => {
      const [older, newer] = [Math.min(a, b) + 1, Math.max(a, b) + 1];
      const leafIndex = at % older;
      const root = growTree(EMPTY_TREE_HEAD, manyLeaves.slice(0, newer)).root;
      const leaf = { leafIndex, treeSize: newer, leafHash: manyLeaves[leafIndex] as Uint8Array, root };
      const inclusion = await view.inclusionProof(leafIndex, newer);
      expect(verifyInclusion(leaf, inclusion)).toBe(true);
      const growth = { oldSize: older, oldRoot: await view.rootAt(older), newSize: newer, newRoot: root };
      const consistency = await view.consistencyProof(older, newer);
      expect(verifyConsistency(growth, consistency)).toBe(true);
      for (const proof of [inclusion, consistency]) {
        for (const spot of proof.keys()) {
          const spoiled = proof.map((hash, index) => (index === spot ? hash.map((byte) => byte ^ 1) : hash));
          expect(verifyInclusion(leaf, spoiled) || verifyConsistency(growth, spoiled)).toBe(false);
        }
      }
    }),
    { numRuns: 8 },
  );
});

it('gives entries of any range in order, one bundle at a time', async () => {
  const leaves = manyLeaves.slice(0, 700);
  const view = viewOfLeaves(leaves);
  for (const [from, to] of [
    [0, 700],
    [0, 0],
    [700, 700],
    [255, 257],
    [256, 512],
    [10, 20],
    [511, 700],
  ] as const) {
    const entries: Uint8Array[] = [];
    for await (const entry of view.entries(from, to)) entries.push(entry);
    expect(entries).toEqual(leaves.slice(from, to));
  }
  expect(await view.readEntry(699)).toEqual(leaves[699]);
});

it('refuses what is beyond the checkpoint', async () => {
  const view = viewOfLeaves(manyLeaves.slice(0, 10));
  const refusal = { code: 'out_of_range' };
  await expect(view.readEntry(10)).rejects.toMatchObject(refusal);
  await expect(view.readEntry(-1)).rejects.toMatchObject(refusal);
  await expect(view.readEntry(0.5)).rejects.toMatchObject(refusal);
  await expect(view.rootAt(11)).rejects.toMatchObject(refusal);
  await expect(view.inclusionProof(5, 5)).rejects.toMatchObject(refusal);
  await expect(view.inclusionProof(0, 11)).rejects.toMatchObject(refusal);
  await expect(view.consistencyProof(5, 4)).rejects.toMatchObject(refusal);
  await expect(view.entries(0, 11).next()).rejects.toMatchObject(refusal);
});
