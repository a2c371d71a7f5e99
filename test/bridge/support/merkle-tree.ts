import { nodeHash } from '@sextant/firmware-bridge/protocol';

/** RFC 6962, section 2.1, by recursion; roots of full power-of-two subtrees are remembered by their first leaf. */
const remembered = new WeakMap<Uint8Array, Map<number, Uint8Array>>();

const splitOf = (count: number): number => {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
};

function subtreeRoot(leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const first = leaves[from] as Uint8Array;
  const count = to - from;
  if (count === 1) return first;
  const known = remembered.get(first)?.get(count);
  if (known) return known;
  const middle = from + splitOf(count);
  const root = nodeHash(subtreeRoot(leaves, from, middle), subtreeRoot(leaves, middle, to));
  if ((count & (count - 1)) === 0) {
    const bySize = remembered.get(first) ?? new Map<number, Uint8Array>();
    remembered.set(first, bySize.set(count, root));
  }
  return root;
}

export const rootOf = (leaves: readonly Uint8Array[]): Uint8Array => subtreeRoot(leaves, 0, leaves.length);

/** From the leaf up. */
export function auditPath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  const descend = (from: number, to: number): void => {
    if (to - from === 1) return;
    const middle = from + splitOf(to - from);
    const isLeft = index < middle;
    if (isLeft) descend(from, middle);
    else descend(middle, to);
    path.push(isLeft ? subtreeRoot(leaves, middle, to) : subtreeRoot(leaves, from, middle));
  };
  descend(0, leaves.length);
  return path;
}
