import { compareBytes, type Verdict } from '@sextant/firmware-bridge/protocol';
import { type EpochResult, type RewardClass, type RewardLine } from '../result.ts';
import { rewardLeaf, verdictLeaf } from './leaves.ts';

/** That a leaf stands under a root of a summary: what the protocol's `verifyInclusion` takes, with the leaf itself. */
export interface LeafProof {
  /** RFC 8785 JSON, UTF-8. Its RFC 6962 leaf hash is what the tree holds. */
  readonly leaf: Uint8Array;
  readonly leafIndex: number;
  readonly treeSize: number;
  /** Audit path, leaf to root. */
  readonly proof: readonly Uint8Array[];
}

/** Proof of the verdict on a report under the root `verdicts`; undefined when the epoch judged no such report. */
export function proveVerdict(
  result: Pick<EpochResult<unknown>, 'verdicts' | 'trees'>,
  reportId: Uint8Array,
): LeafProof | undefined {
  let low = 0;
  let high = result.verdicts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(result.verdicts.at(middle).reportId, reportId) < 0) low = middle + 1;
    else high = middle;
  }
  const found: Verdict | undefined = low < result.verdicts.length ? result.verdicts.at(low) : undefined;
  if (!found || compareBytes(found.reportId, reportId) !== 0) return undefined;
  return {
    leaf: verdictLeaf(found),
    leafIndex: low,
    treeSize: result.verdicts.length,
    proof: result.trees.verdicts.prove(low),
  };
}

/** Proof of a reward line under the root `rewards`; undefined when the key has none in that class. */
export function proveReward(
  result: Pick<EpochResult<unknown>, 'rewards' | 'trees'>,
  rewardClass: RewardClass,
  key: Uint8Array,
): LeafProof | undefined {
  const leafIndex = result.rewards.findIndex(
    (line) => line.rewardClass === rewardClass && compareBytes(line.key, key) === 0,
  );
  const line: RewardLine | undefined = result.rewards[leafIndex];
  if (!line) return undefined;
  return {
    leaf: rewardLeaf(line),
    leafIndex,
    treeSize: result.rewards.length,
    proof: result.trees.rewards.prove(leafIndex),
  };
}
