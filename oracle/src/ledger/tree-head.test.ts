import {
  bytesToHex,
  EMPTY_TREE_ROOT,
  hexToBytes,
  leafHash,
  nodeHash,
  verifyInclusion,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashLeaf, hashNode } from './tree-hash.ts';
import { auditPathOfNewLeaf, EMPTY_TREE_HEAD, growTree, rootOfHead } from './tree-head.ts';

// transparency-dev/merkle, proof/verify_test.go at commit 02194e9 (Apache-2.0).
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

describe('the fast hashes', () => {
  it('are those of the protocol', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [left, right] = [leafHash(a), leafHash(b)];
        expect(bytesToHex(hashLeaf(a))).toBe(bytesToHex(left));
        expect(bytesToHex(hashNode(left, right))).toBe(bytesToHex(nodeHash(left, right)));
      }),
    );
  });

  it('take the longest entry and nothing longer', () => {
    const longest = new Uint8Array(65_535).fill(3);
    expect(bytesToHex(hashLeaf(longest))).toBe(bytesToHex(leafHash(longest)));
    expect(() => hashLeaf(new Uint8Array(65_536))).toThrow(RangeError);
  });
});

describe('a growing tree', () => {
  it('has the published roots, leaf by leaf and at once', () => {
    const hashes = LEAVES.map((leaf) => hashLeaf(hexToBytes(leaf)));
    let head = EMPTY_TREE_HEAD;
    expect(rootOfHead(head)).toEqual(EMPTY_TREE_ROOT);
    for (const [at, hash] of hashes.entries()) {
      const growth = growTree(head, [hash]);
      expect(bytesToHex(growth.root)).toBe(ROOTS[at]);
      expect(bytesToHex(growTree(EMPTY_TREE_HEAD, hashes.slice(0, at + 1)).root)).toBe(ROOTS[at]);
      head = growth.head;
    }
  });

  it('has one root however its leaves are grouped, and every new leaf a path to it', () => {
    const groups = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(groups, (sizes) => {
        let head = EMPTY_TREE_HEAD;
        for (const size of sizes) {
          const leaves = Array.from({ length: size }, (_, at) => hashLeaf(Buffer.from(`leaf ${head.size + at}`)));
          const growth = growTree(head, leaves);
          for (const [at, hash] of leaves.entries()) {
            const leafIndex = head.size + at;
            const claim = { leafIndex, treeSize: growth.head.size, leafHash: hash, root: growth.root };
            const path = auditPathOfNewLeaf(growth, leafIndex);
            expect(verifyInclusion(claim, path)).toBe(true);
          }
          head = growth.head;
        }
        const all = Array.from({ length: head.size }, (_, at) => hashLeaf(Buffer.from(`leaf ${at}`)));
        expect(bytesToHex(rootOfHead(head))).toBe(bytesToHex(growTree(EMPTY_TREE_HEAD, all).root));
      }),
      { numRuns: 30 },
    );
  });
});
