import { compareBytes, leafHash, TREE_HASH_BYTES } from '@sextant/firmware-bridge/protocol';
import { createMerkleTree, type EpochResult, type MerkleTree, verdictLeaf } from '../core/index.ts';

const ROW_BYTES = 2 * TREE_HASH_BYTES;

/** What a proof of any verdict of an epoch takes, by report id: the id and the hash of its leaf, 64 bytes a verdict. */
export function verdictLeavesOf({ verdicts }: Pick<EpochResult<unknown>, 'verdicts'>): Uint8Array {
  const rows = new Uint8Array(verdicts.length * ROW_BYTES);
  for (let i = 0; i < verdicts.length; i++) {
    const verdict = verdicts.at(i);
    rows.set(verdict.reportId, i * ROW_BYTES);
    rows.set(leafHash(verdictLeaf(verdict)), i * ROW_BYTES + TREE_HASH_BYTES);
  }
  return rows;
}

export interface VerdictLeaves {
  readonly tree: MerkleTree;
  /** Place of the verdict on a report, or undefined when the epoch judged no such report. */
  indexOf(reportId: Uint8Array): number | undefined;
}

/** Reads what `verdictLeavesOf` wrote; undefined when it is damaged. */
export function readVerdictLeaves(rows: Uint8Array): VerdictLeaves | undefined {
  if (rows.length % ROW_BYTES !== 0) return undefined;
  const count = rows.length / ROW_BYTES;
  const hashes = new Uint8Array(count * TREE_HASH_BYTES);
  for (let i = 0; i < count; i++) {
    hashes.set(rows.subarray(i * ROW_BYTES + TREE_HASH_BYTES, (i + 1) * ROW_BYTES), i * TREE_HASH_BYTES);
  }
  return {
    tree: createMerkleTree(hashes),
    indexOf(reportId) {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const order = compareBytes(rows.subarray(middle * ROW_BYTES, middle * ROW_BYTES + TREE_HASH_BYTES), reportId);
        if (order === 0) return middle;
        if (order < 0) low = middle + 1;
        else high = middle;
      }
      return undefined;
    },
  };
}
