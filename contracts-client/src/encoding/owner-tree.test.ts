import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOwnerTree, type OwnerLeaf, verifyOwnerProof } from './owner-tree.ts';

const ENCODING = ['address', 'uint256'];
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

const leaves = fc.uniqueArray(
  fc.record({
    owner: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    cumulative: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  }),
  { minLength: 1, maxLength: 40, selector: (leaf) => hex(leaf.owner) },
);

function openZeppelinTree(list: readonly OwnerLeaf[]): StandardMerkleTree<string[]> {
  return StandardMerkleTree.of(
    list.map((leaf) => [hex(leaf.owner), leaf.cumulative.toString()]),
    ENCODING,
  );
}

describe('owner tree', () => {
  it('has the root and the proofs of OpenZeppelin StandardMerkleTree', () => {
    fc.assert(
      fc.property(leaves, (list) => {
        const ours = createOwnerTree(list);
        const theirs = openZeppelinTree(list);
        expect(hex(ours.root)).toBe(theirs.root);
        list.forEach((leaf, i) => {
          const proof = ours.findProof(leaf.owner) ?? [];
          expect(proof.map(hex)).toEqual(theirs.getProof(i));
          expect(verifyOwnerProof(ours.root, leaf, proof)).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order of its leaves', () => {
    fc.assert(
      fc.property(leaves, (list) => {
        expect(createOwnerTree([...list].reverse()).root).toEqual(createOwnerTree(list).root);
      }),
      { numRuns: 20 },
    );
  });

  it('proves no other amount and nobody who is not in it', () => {
    const list = [1, 2, 3].map((i) => ({ owner: new Uint8Array(20).fill(i), cumulative: BigInt(i) * 10n ** 18n }));
    const tree = createOwnerTree(list);
    const first = list[0] as OwnerLeaf;
    const proof = tree.findProof(first.owner) ?? [];
    expect(verifyOwnerProof(tree.root, first, proof)).toBe(true);
    expect(verifyOwnerProof(tree.root, { ...first, cumulative: first.cumulative + 1n }, proof)).toBe(false);
    expect(verifyOwnerProof(tree.root, first, proof.slice(1))).toBe(false);
    expect(tree.findProof(new Uint8Array(20))).toBeUndefined();
  });

  it('is all zero without owners, and takes nobody twice', () => {
    const leaf = { owner: new Uint8Array(20), cumulative: 1n };
    expect(createOwnerTree([]).root).toEqual(new Uint8Array(32));
    expect(() => createOwnerTree([leaf, { ...leaf, cumulative: 2n }])).toThrow(RangeError);
    expect(() => createOwnerTree([{ owner: new Uint8Array(19), cumulative: 1n }])).toThrow(RangeError);
    expect(() => createOwnerTree([{ owner: new Uint8Array(20), cumulative: 2n ** 256n }])).toThrow(RangeError);
  });
});
