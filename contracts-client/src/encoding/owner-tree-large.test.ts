import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { bytesToHex } from 'viem';
import { expect, it } from 'vitest';
import { createOwnerTree, type OwnerLeaf } from './owner-tree.ts';

/** OpenZeppelin's builder takes some 20 seconds for the full count. */
const OWNERS = process.env['SEXTANT_FULL'] === '1' ? 100_000 : 2_000;

/** Microseconds of CPU; a busy machine takes longer by the clock, but not more work. */
const BUDGET_US = 3_000_000;

const leavesOf = (count: number): OwnerLeaf[] =>
  Array.from({ length: count }, (_, i) => {
    const owner = new Uint8Array(20);
    new DataView(owner.buffer).setUint32(3, Math.imul(i, 2_654_435_761) >>> 0);
    new DataView(owner.buffer).setUint32(9, i);
    return { owner, cumulative: BigInt(i) * 10n ** 18n };
  });

it(`has OpenZeppelin's root for ${OWNERS} owners`, { timeout: 300_000 }, () => {
  const leaves = leavesOf(OWNERS);
  const theirs = StandardMerkleTree.of(
    leaves.map(({ owner, cumulative }) => [bytesToHex(owner), String(cumulative)]),
    ['address', 'uint256'],
  );
  expect(bytesToHex(createOwnerTree(leaves).root)).toBe(theirs.root);
});

it('is built for 100,000 owners within 3 s', { timeout: 60_000 }, () => {
  const leaves = leavesOf(100_000);
  const before = process.cpuUsage();
  createOwnerTree(leaves);
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThanOrEqual(BUDGET_US);
});
