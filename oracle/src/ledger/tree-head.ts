import { EMPTY_TREE_ROOT } from '@sextant/firmware-bridge/protocol';
import { hashNode } from './tree-hash.ts';

/**
 * Everything a growing RFC 6962 tree has to remember: the roots of the perfect subtrees its leaves fall into, one for
 * each bit set in the size.
 */
export interface TreeHead {
  readonly size: number;
  /** By level; defined exactly where the size has that bit. */
  readonly peaks: readonly (Uint8Array | undefined)[];
}

export const EMPTY_TREE_HEAD: TreeHead = { size: 0, peaks: [] };

/** A tree after some leaves were added, with every node that they completed. */
export interface TreeGrowth {
  readonly before: TreeHead;
  readonly head: TreeHead;
  readonly root: Uint8Array;
  /** By level: the completed nodes, the first of them with this index within its level. */
  readonly levels: readonly { readonly first: number; readonly nodes: readonly Uint8Array[] }[];
  /** By level: root of all leaves right of the last perfect subtree of that level; undefined when there are none. */
  readonly edges: readonly (Uint8Array | undefined)[];
}

/** Adds leaves; `before` stays as it is. */
export function growTree(before: TreeHead, leafHashes: readonly Uint8Array[]): TreeGrowth {
  const levels = [{ first: before.size, nodes: leafHashes }];
  for (let level = 0; ; level++) {
    const children = levels[level];
    if (children === undefined) break;
    const parents = completeParents(children, before.peaks[level]);
    if (parents.nodes.length > 0) levels.push(parents);
  }
  const size = before.size + leafHashes.length;
  const peaks = peaksOf(size, levels, before);
  const { root, edges } = foldPeaks(peaks);
  return { before, head: { size, peaks }, root, levels, edges };
}

function completeParents(children: { first: number; nodes: readonly Uint8Array[] }, leftOver: Uint8Array | undefined) {
  const end = children.first + children.nodes.length;
  const first = Math.floor(children.first / 2);
  const nodes: Uint8Array[] = [];
  for (let parent = first; 2 * parent + 1 < end; parent++) {
    const left = children.nodes[2 * parent - children.first] ?? leftOver;
    const right = children.nodes[2 * parent + 1 - children.first];
    nodes.push(hashNode(known(left), known(right)));
  }
  return { first, nodes };
}

function peaksOf(size: number, levels: TreeGrowth['levels'], before: TreeHead): (Uint8Array | undefined)[] {
  const peaks: (Uint8Array | undefined)[] = [];
  for (let level = 0, width = 1; width <= size; level++, width *= 2) {
    const count = Math.floor(size / width);
    const fresh = levels[level];
    const peak = fresh?.nodes[count - 1 - fresh.first] ?? before.peaks[level];
    peaks.push(count % 2 === 1 ? known(peak) : undefined);
  }
  return peaks;
}

function foldPeaks(peaks: TreeHead['peaks']): { root: Uint8Array; edges: (Uint8Array | undefined)[] } {
  const edges: (Uint8Array | undefined)[] = [];
  let edge: Uint8Array | undefined;
  for (const peak of peaks) {
    edges.push(edge);
    if (peak !== undefined) edge = edge === undefined ? peak : hashNode(peak, edge);
  }
  return { root: edge ?? EMPTY_TREE_ROOT, edges };
}

/** RFC 6962 root of the tree. */
export function rootOfHead(head: TreeHead): Uint8Array {
  return foldPeaks(head.peaks).root;
}

/** Audit path of a leaf that `growth` added, in the tree it led to. Hashes nothing. */
export function auditPathOfNewLeaf(growth: TreeGrowth, leafIndex: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  const size = growth.head.size;
  let node = leafIndex;
  for (let level = 0, width = 1; width < size; level++, width *= 2) {
    const sibling = node % 2 === 1 ? node - 1 : node + 1;
    const fresh = growth.levels[level];
    if ((sibling + 1) * width <= size) {
      path.push(known(fresh?.nodes[sibling - fresh.first] ?? growth.before.peaks[level]));
    } else if (sibling * width < size) {
      path.push(known(growth.edges[level]));
    }
    node = Math.floor(node / 2);
  }
  return path;
}

function known(hash: Uint8Array | undefined): Uint8Array {
  if (hash === undefined) throw new Error('a tree node is missing: the ledger has a bug, please report it');
  return hash;
}
