import { createHash } from 'node:crypto';
import { bytesToHex, leafHash, verifyInclusion } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMerkleTree } from './merkle-tree.ts';

/** MTH of RFC 6962 section 2.1, word for word and slow. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const sha = (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Uint8Array.of(0), leaves[0] as Uint8Array);
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return sha(Uint8Array.of(1), definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)));
}

const treeOf = (leaves: readonly Uint8Array[]) => createMerkleTree(Buffer.concat(leaves.map(leafHash)));
const hexOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('Merkle tree', () => {
  it('has the roots certificate-transparency-go publishes for its eight test leaves', () => {
    // google/certificate-transparency, merkletree test vectors: leaves and roots of sizes 1, 2, 3, 5 and 8.
    const leaves = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ].map(hexOf);
    const roots: Readonly<Record<number, string>> = {
      0: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      5: '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    };
    for (const [size, root] of Object.entries(roots)) {
      expect(bytesToHex(treeOf(leaves.slice(0, Number(size))).root), size).toBe(root);
    }
  });

  it('is the tree RFC 6962 defines, and proves every leaf to the verifier of the protocol', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (leaves) => {
        const tree = treeOf(leaves);
        expect(tree.root).toEqual(definedRoot(leaves));
        leaves.forEach((leaf, leafIndex) => {
          const claim = { leafIndex, treeSize: tree.size, leafHash: leafHash(leaf), root: tree.root };
          expect(verifyInclusion(claim, tree.prove(leafIndex))).toBe(true);
        });
        expect(() => tree.prove(leaves.length)).toThrow(RangeError);
      }),
    );
  });
});
