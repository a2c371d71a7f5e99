import type { RootName } from '../core/epoch/result.ts';
import type { AddressText, AmountText, HashText } from './text.ts';

/** Roots of a summary whose single leaves are proven by `GET /api/v1/epochs/{n}/proof`. */
export const PROVEN_ROOTS = ['verdicts', 'rewards'] as const satisfies readonly RootName[];
export type ProvenRoot = (typeof PROVEN_ROOTS)[number];

/** A leaf and its place in an RFC 6962 tree. */
export interface LeafProofView {
  readonly leafIndex: number;
  /** The leaf's bytes (RFC 8785 JSON) in hex; the tree holds SHA-256(0x00 ‖ bytes). */
  readonly leaf: string;
  /** Sibling hashes, leaf to root. */
  readonly path: readonly HashText[];
}

/**
 * `GET /api/v1/epochs/{n}/proof?verdict=<report id>` (one leaf) or `?reward=<hs1…, sv1… or val1…>` (one leaf for each reward line
 * of that key). To check: fold each path to `rootHash`, find `rootHash` under `roots` of the summary, hash the summary's bytes
 * to `summaryHash`, and compare that with what the validators signed.
 */
export interface EpochProofView {
  readonly epoch: number;
  readonly summaryHash: HashText;
  readonly root: ProvenRoot;
  readonly rootHash: HashText;
  readonly treeSize: number;
  readonly leaves: readonly LeafProofView[];
}

/**
 * `GET /api/v1/epochs/{n}/owners/{address}`: what an owner can claim. The tree is OpenZeppelin's StandardMerkleTree over
 * ["address", "uint256"] with `owner` and `cumulative`.
 */
export interface OwnerProofView {
  readonly epoch: number;
  readonly summaryHash: HashText;
  readonly owner: AddressText;
  /** Paid since genesis, this epoch included. */
  readonly cumulative: AmountText;
  /** The root `owners` of the summary. */
  readonly rootHash: HashText;
  /** Sibling hashes (Keccak-256), leaf to root. */
  readonly path: readonly HashText[];
}

/** `GET /log/proof?leaf=N`: an entry of this validator's log under its latest checkpoint. */
export interface LogProofView {
  readonly origin: string;
  readonly leafIndex: number;
  readonly treeSize: number;
  /** SHA-256(0x00 ‖ entry). */
  readonly leafHash: HashText;
  readonly rootHash: HashText;
  /** RFC 6962 audit path, leaf to root. */
  readonly path: readonly HashText[];
  /** The signed note (C2SP) that says origin, size and root. */
  readonly checkpoint: string;
}
