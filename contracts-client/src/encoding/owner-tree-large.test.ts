import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { bytesToHex } from 'viem';
import { expect, it } from 'vitest';
import { createOwnerTree } from './owner-tree.ts';

/** OpenZeppelin's builder takes some 20 seconds for the full count. */
const OWNERS = process.env['SEXTANT_FULL'] === '1' ? 100_000 : 2_000;

it(`has OpenZeppelin's root for ${OWNERS} owners`, { timeout: 300_000 }, () => {
  const leaves = Array.from({ length: OWNERS }, (_, i) => {
    const owner = new Uint8Array(20);
    new DataView(owner.buffer).setUint32(3, Math.imul(i, 2_654_435_761) >>> 0);
    new DataView(owner.buffer).setUint32(9, i);
    return { owner, cumulative: BigInt(i) * 10n ** 18n };
  });
  const theirs = StandardMerkleTree.of(
    leaves.map(({ owner, cumulative }) => [bytesToHex(owner), String(cumulative)]),
    ['address', 'uint256'],
  );
  expect(bytesToHex(createOwnerTree(leaves).root)).toBe(theirs.root);
});
