import { createOwnerTree } from '@sextant/contracts-client/encoding';
import { bytesToHex, equalBytes, leafHash, verifyInclusion } from '@sextant/firmware-bridge/protocol';
import type { Kysely } from 'kysely';
import type { EpochProofView, OwnerProofView, ProvenRoot } from '../../api/index.ts';
import { createMerkleTree, type MerkleTree, type RootName, rewardLeaf, verdictLeaf } from '../../core/index.ts';
import { type EpochArchive, readVerdictLeaves, type VerdictLeaves } from '../../judge/index.ts';
import { findVerdict, listEpochRewards, listOwnerTotals, type Schema } from '../../store/index.ts';
import { ApiProblem } from '../api-problem.ts';
import { readSummary, type SignedSummary } from './signed-summary.ts';

export interface EpochProofsOptions {
  /** Trees of verdicts kept in memory, 128 bytes a verdict. */
  readonly maxTrees: number;
}

export const EPOCH_PROOFS_DEFAULTS: EpochProofsOptions = { maxTrees: 4 };

export interface EpochProofsModules {
  readonly db: Kysely<Schema>;
  readonly archive: Pick<EpochArchive, 'findSummary' | 'findVerdictLeaves'>;
}

/**
 * Proofs of what is below an epoch's summary. Leaves come from the database's rows, the tree of verdicts from the archive. What
 * does not fit the roots of the summary proves nothing and is never given: then not everything is here any more.
 */
export class EpochProofs {
  readonly #options: EpochProofsOptions;
  readonly #modules: EpochProofsModules;
  readonly #verdictLeaves = new Map<string, Promise<VerdictLeaves>>();

  constructor(options: EpochProofsOptions, modules: EpochProofsModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Undefined while the epoch is not closed. Needs no database. */
  async findSummary(epoch: number): Promise<SignedSummary | undefined> {
    const bytes = await this.#modules.archive.findSummary(epoch);
    return bytes === undefined ? undefined : readSummary(bytes);
  }

  /** Undefined when the epoch judged no such report. */
  async proveVerdict(summary: SignedSummary, reportId: Uint8Array): Promise<EpochProofView | undefined> {
    const leaves = await this.#findVerdictLeaves(summary);
    const leafIndex = leaves.indexOf(reportId);
    if (leafIndex === undefined) return undefined;
    const row = await findVerdict(this.#modules.db, reportId);
    if (row === undefined) throw proofGone(summary, 'verdicts');
    return proofView(summary, 'verdicts', leaves.tree, [{ leafIndex, leaf: verdictLeaf(row) }]);
  }

  /** Every reward line of a key; undefined when it has none. */
  async proveRewards(summary: SignedSummary, key: Uint8Array): Promise<EpochProofView | undefined> {
    const lines = await listEpochRewards(this.#modules.db, summary.epoch);
    const leaves = lines.map((line) => rewardLeaf(line));
    const tree = createMerkleTree(Buffer.concat(leaves.map(leafHash)));
    if (bytesToHex(tree.root) !== summary.roots.rewards) throw proofGone(summary, 'rewards');
    const mine = lines.flatMap((line, leafIndex) => {
      const leaf = leaves[leafIndex];
      return leaf !== undefined && equalBytes(line.key, key) ? [{ leafIndex, leaf }] : [];
    });
    return mine.length === 0 ? undefined : proofView(summary, 'rewards', tree, mine);
  }

  /** What an owner can claim; undefined when it has never got anything. */
  async proveOwner(summary: SignedSummary, owner: Uint8Array): Promise<OwnerProofView | undefined> {
    const owners = await listOwnerTotals(this.#modules.db, summary.epoch);
    const tree = createOwnerTree(owners);
    if (bytesToHex(tree.root) !== summary.roots.owners) throw proofGone(summary, 'owners');
    const path = tree.findProof(owner);
    const mine = owners.find((each) => equalBytes(each.owner, owner));
    if (path === undefined || mine === undefined) return undefined;
    return {
      epoch: summary.epoch,
      summaryHash: summary.hash,
      owner: `0x${bytesToHex(owner)}`,
      cumulative: String(mine.cumulative),
      rootHash: summary.roots.owners,
      path: path.map(bytesToHex),
    };
  }

  /** Kept for the epochs asked about last. */
  async #findVerdictLeaves(summary: SignedSummary): Promise<VerdictLeaves> {
    const known = this.#verdictLeaves.get(summary.hash);
    this.#verdictLeaves.delete(summary.hash);
    const leaves = known ?? this.#readVerdictLeaves(summary);
    this.#verdictLeaves.set(summary.hash, leaves);
    const [oldest] = this.#verdictLeaves.keys();
    if (this.#verdictLeaves.size > this.#options.maxTrees && oldest !== undefined) this.#verdictLeaves.delete(oldest);
    try {
      return await leaves;
    } catch (error) {
      this.#verdictLeaves.delete(summary.hash);
      throw error;
    }
  }

  async #readVerdictLeaves(summary: SignedSummary): Promise<VerdictLeaves> {
    const rows = await this.#modules.archive.findVerdictLeaves(summary.epoch);
    const leaves = rows === undefined ? undefined : readVerdictLeaves(rows);
    if (leaves === undefined || bytesToHex(leaves.tree.root) !== summary.roots.verdicts) {
      throw proofGone(summary, 'verdicts');
    }
    return leaves;
  }
}

const proofGone = ({ epoch }: SignedSummary, what: RootName): ApiProblem =>
  new ApiProblem(
    'proof_gone',
    `This oracle does not have all ${what} of epoch ${epoch} at hand. Recompute the epoch from the log, or ask for a later one.`,
  );

function proofView(
  summary: SignedSummary,
  root: ProvenRoot,
  tree: MerkleTree,
  leaves: readonly { readonly leafIndex: number; readonly leaf: Uint8Array }[],
): EpochProofView {
  const proven = leaves.map(({ leafIndex, leaf }) => ({ leafIndex, leaf, path: tree.prove(leafIndex) }));
  for (const { leafIndex, leaf, path } of proven) {
    const claim = { leafIndex, treeSize: tree.size, leafHash: leafHash(leaf), root: tree.root };
    if (!verifyInclusion(claim, path)) throw proofGone(summary, root);
  }
  return {
    epoch: summary.epoch,
    summaryHash: summary.hash,
    root,
    rootHash: summary.roots[root],
    treeSize: tree.size,
    leaves: proven.map(({ leafIndex, leaf, path }) => ({
      leafIndex,
      leaf: bytesToHex(leaf),
      path: path.map(bytesToHex),
    })),
  };
}
