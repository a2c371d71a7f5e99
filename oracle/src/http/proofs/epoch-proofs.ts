import { createOwnerTree, type OwnerTree } from '@sextant/contracts-client/encoding';
import { bytesToHex, equalBytes, leafHash, verifyInclusion } from '@sextant/firmware-bridge/protocol';
import type { Kysely } from 'kysely';
import type { EpochProofView, OwnerProofView, ProvenRoot } from '../../api/index.ts';
import { createMerkleTree, type MerkleTree, type RootName, rewardLeaf, verdictLeaf } from '../../core/index.ts';
import { type EpochArchive, readVerdictLeaves, type VerdictLeaves } from '../../judge/index.ts';
import { findVerdict, listEpochRewards, listOwnerTotals, type Schema } from '../../store/index.ts';
import { ApiProblem } from '../api-problem.ts';
import { PromiseLru } from '../promise-lru.ts';
import { readSummary, type SignedSummary } from './signed-summary.ts';

export interface EpochProofsOptions {
  /** Epochs whose trees are kept in memory: 128 bytes a verdict, some hundred a reward line. */
  readonly maxTrees: number;
}

export const EPOCH_PROOFS_DEFAULTS: EpochProofsOptions = { maxTrees: 4 };

export interface EpochProofsModules {
  readonly db: Kysely<Schema>;
  readonly archive: Pick<EpochArchive, 'findSummary' | 'findVerdictLeaves'>;
}

interface ProvenLeaf {
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
}

interface RewardTree {
  readonly tree: MerkleTree;
  readonly lines: readonly (ProvenLeaf & { readonly key: Uint8Array })[];
}

interface OwnerTotals {
  readonly tree: OwnerTree;
  /** By address, hex. */
  readonly totals: ReadonlyMap<string, bigint>;
}

/**
 * Proofs of what is below an epoch's summary. Leaves come from the database's rows, the tree of verdicts from the archive. What
 * does not fit the roots of the summary proves nothing and is never given: then not everything is here any more.
 */
export class EpochProofs {
  readonly #modules: EpochProofsModules;
  readonly #verdicts: PromiseLru<string, VerdictLeaves>;
  readonly #rewards: PromiseLru<string, RewardTree>;
  readonly #owners: PromiseLru<string, OwnerTotals>;

  constructor({ maxTrees }: EpochProofsOptions, modules: EpochProofsModules) {
    this.#modules = modules;
    this.#verdicts = new PromiseLru(maxTrees);
    this.#rewards = new PromiseLru(maxTrees);
    this.#owners = new PromiseLru(maxTrees);
  }

  /** Undefined while the epoch is not closed. Needs no database. */
  async findSummary(epoch: number): Promise<SignedSummary | undefined> {
    const bytes = await this.#modules.archive.findSummary(epoch);
    return bytes === undefined ? undefined : readSummary(bytes);
  }

  /** Undefined when the epoch judged no such report. */
  async proveVerdict(summary: SignedSummary, reportId: Uint8Array): Promise<EpochProofView | undefined> {
    const leaves = await this.#verdicts.get(summary.hash, () => this.#readVerdictLeaves(summary));
    const leafIndex = leaves.indexOf(reportId);
    if (leafIndex === undefined) return undefined;
    const row = await findVerdict(this.#modules.db, reportId);
    if (row === undefined) throw proofGone(summary, 'verdicts');
    return proofView(summary, 'verdicts', leaves.tree, [{ leafIndex, leaf: verdictLeaf(row) }]);
  }

  /** Every reward line of a key; undefined when it has none. */
  async proveRewards(summary: SignedSummary, key: Uint8Array): Promise<EpochProofView | undefined> {
    const { tree, lines } = await this.#rewards.get(summary.hash, () => this.#readRewards(summary));
    const mine = lines.filter((line) => equalBytes(line.key, key));
    return mine.length === 0 ? undefined : proofView(summary, 'rewards', tree, mine);
  }

  /** What an owner can claim; undefined when it has never got anything. */
  async proveOwner(summary: SignedSummary, owner: Uint8Array): Promise<OwnerProofView | undefined> {
    const { tree, totals } = await this.#owners.get(summary.hash, () => this.#readOwners(summary));
    const path = tree.findProof(owner);
    const cumulative = totals.get(bytesToHex(owner));
    if (path === undefined || cumulative === undefined) return undefined;
    return {
      epoch: summary.epoch,
      summaryHash: summary.hash,
      owner: `0x${bytesToHex(owner)}`,
      cumulative: String(cumulative),
      rootHash: summary.roots.owners,
      path: path.map(bytesToHex),
    };
  }

  async #readRewards(summary: SignedSummary): Promise<RewardTree> {
    const rows = await listEpochRewards(this.#modules.db, summary.epoch);
    const lines = rows.map((row, leafIndex) => ({ key: row.key, leafIndex, leaf: rewardLeaf(row) }));
    const tree = createMerkleTree(Buffer.concat(lines.map(({ leaf }) => leafHash(leaf))));
    if (bytesToHex(tree.root) !== summary.roots.rewards) throw proofGone(summary, 'rewards');
    return { tree, lines };
  }

  async #readOwners(summary: SignedSummary): Promise<OwnerTotals> {
    const rows = await listOwnerTotals(this.#modules.db, summary.epoch);
    const tree = createOwnerTree(rows);
    if (bytesToHex(tree.root) !== summary.roots.owners) throw proofGone(summary, 'owners');
    return { tree, totals: new Map(rows.map(({ owner, cumulative }) => [bytesToHex(owner), cumulative])) };
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
  leaves: readonly ProvenLeaf[],
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
