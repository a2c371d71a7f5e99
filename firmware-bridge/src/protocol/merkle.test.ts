import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex, hexToBytes } from './bytes.ts';
import { EMPTY_TREE_ROOT, leafHash, nodeHash, verifyConsistency, verifyInclusion } from './merkle.ts';

// Leaves, roots and proofs as published in transparency-dev/merkle, proof/verify_test.go at commit 02194e9 (Apache-2.0),
// which took them over from google/certificate-transparency.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION: [leafIndex: number, treeSize: number, proof: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CONSISTENCY: [oldSize: number, newSize: number, proof: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
  [
    6,
    7,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
];

const leafAt = (index: number): Uint8Array => leafHash(hexToBytes(LEAVES[index] as string));
const rootOf = (size: number): Uint8Array => hexToBytes(ROOTS[size - 1] as string);
const OTHER_HASH = hexToBytes('abacaba000000000000000000000000000000000000000000060061e00123456');

/** MTH as RFC 6962 section 2.1 defines it, by recursion: the slow other way to the same root. */
function merkleTreeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return EMPTY_TREE_ROOT;
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(merkleTreeHash(leaves.slice(0, split)), merkleTreeHash(leaves.slice(split)));
}

/** Every way of spoiling a proof that the published tests try: cut, extended, or one bit flipped. */
function spoiled(proof: Uint8Array[], roots: Uint8Array[]): Uint8Array[][] {
  const flipped = proof.map((_, at) =>
    proof.map((other, index) =>
      index === at ? Uint8Array.from(other, (byte, i) => (i === 0 ? byte ^ 8 : byte)) : other,
    ),
  );
  const garbage = [new Uint8Array(0), ...roots].flatMap((extra) => [
    [...proof, extra],
    [extra, ...proof],
  ]);
  return [...flipped, ...garbage, ...(proof.length > 0 ? [proof.slice(0, -1), proof.slice(1)] : [])];
}

describe('published RFC 6962 vectors', () => {
  it('hashes to the published roots', () => {
    expect(bytesToHex(EMPTY_TREE_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (let size = 1; size <= LEAVES.length; size++) {
      const leaves = Array.from({ length: size }, (_, index) => leafAt(index));
      expect(bytesToHex(merkleTreeHash(leaves))).toBe(ROOTS[size - 1]);
    }
  });

  it.each(INCLUSION)('inclusion of leaf %i in a tree of %i', (leafIndex, treeSize, hexProof) => {
    const proof = hexProof.map(hexToBytes);
    const claim = { leafIndex, treeSize, leafHash: leafAt(leafIndex), root: rootOf(treeSize) };
    expect(verifyInclusion(claim, proof)).toBe(true);
    for (const bad of spoiled(proof, [claim.root, OTHER_HASH])) expect(verifyInclusion(claim, bad)).toBe(false);
    for (const change of [
      { leafIndex: leafIndex - 1 },
      { leafIndex: leafIndex + 1 },
      { leafIndex: leafIndex ^ 2 },
      { treeSize: treeSize * 2 },
      { treeSize: Math.floor(treeSize / 2) },
      { leafHash: new TextEncoder().encode('WrongLeaf') },
      { root: EMPTY_TREE_ROOT },
      { root: OTHER_HASH },
    ]) {
      expect(verifyInclusion({ ...claim, ...change }, proof)).toBe(false);
    }
  });

  it.each(CONSISTENCY)('consistency of %i with %i', (oldSize, newSize, hexProof) => {
    const proof = hexProof.map(hexToBytes);
    const claim = { oldSize, oldRoot: rootOf(oldSize), newSize, newRoot: rootOf(newSize) };
    expect(verifyConsistency(claim, proof)).toBe(true);
    if (proof.length === 0) return;
    for (const bad of [[], ...spoiled(proof, [claim.oldRoot, claim.newRoot])]) {
      expect(verifyConsistency(claim, bad)).toBe(false);
    }
    for (const change of [
      { oldSize: oldSize - 1 },
      { oldSize: oldSize + 1 },
      { oldSize: oldSize ^ 2 },
      { newSize: newSize * 2 },
      { newSize: Math.floor(newSize / 2) },
      { oldRoot: OTHER_HASH },
      { newRoot: OTHER_HASH },
      { oldRoot: claim.newRoot, newRoot: claim.oldRoot },
    ]) {
      expect(verifyConsistency({ ...claim, ...change }, proof)).toBe(false);
    }
  });

  it('settles the sizes that need no proof', () => {
    const some = { oldRoot: OTHER_HASH, newRoot: OTHER_HASH };
    expect(verifyConsistency({ oldSize: 0, newSize: 0, ...some }, [])).toBe(true);
    expect(verifyConsistency({ oldSize: 1, newSize: 1, ...some }, [])).toBe(true);
    expect(verifyConsistency({ oldSize: 0, newSize: 1, oldRoot: EMPTY_TREE_ROOT, newRoot: OTHER_HASH }, [])).toBe(true);
    expect(verifyConsistency({ oldSize: 0, newSize: 1, ...some }, [])).toBe(false);
    expect(verifyConsistency({ oldSize: 1, newSize: 1, ...some }, [EMPTY_TREE_ROOT])).toBe(false);
    expect(verifyConsistency({ oldSize: 2, newSize: 1, ...some }, [])).toBe(false);
    expect(verifyConsistency({ oldSize: 1, newSize: 2, ...some }, [])).toBe(false);
    expect(verifyConsistency({ oldSize: 0.5, newSize: 2, ...some }, [])).toBe(false);
  });
});

it('answers any sizes, indexes and proofs without a throw', () => {
  const size = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.double(), fc.integer());
  const hash = fc.uint8Array({ minLength: 30, maxLength: 34 });
  fc.assert(
    fc.property(size, size, hash, hash, fc.array(hash, { maxLength: 70 }), (a, b, first, second, proof) => {
      expect(verifyInclusion({ leafIndex: a, treeSize: b, leafHash: first, root: second }, proof)).toBe(
        a === 0 && b === 1 && proof.length === 0 && first.length === 32 && bytesToHex(first) === bytesToHex(second),
      );
      verifyConsistency({ oldSize: a, newSize: b, oldRoot: first, newRoot: second }, proof);
    }),
  );
});
