/** Leaves [start, end) whose Merkle tree hash is one element of a proof; `start` is aligned to the range's own height. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** RFC 6962 section 2.1.1, PATH(leafIndex, D[0:size]): from the leaf up. */
export function inclusionRanges(leafIndex: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = start + largestPowerBelow(end - start);
    if (leafIndex < split) {
      ranges.push({ start: split, end });
      end = split;
    } else {
      ranges.push({ start, end: split });
      start = split;
    }
  }
  return ranges.reverse();
}

/** RFC 6962 section 2.1.2, PROOF(oldSize, D[0:newSize]). Empty for oldSize 0: there is nothing to prove. */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = newSize;
  let oldTreeIsSubtree = true;
  while (oldSize < end) {
    const split = start + largestPowerBelow(end - start);
    if (oldSize <= split) {
      ranges.push({ start: split, end });
      end = split;
    } else {
      ranges.push({ start, end: split });
      start = split;
      oldTreeIsSubtree = false;
    }
  }
  if (!oldTreeIsSubtree) ranges.push({ start, end });
  return ranges.reverse();
}

/** The perfect subtrees that make up a range, from left to right. */
export function perfectSubtrees(range: LeafRange): { level: number; index: number }[] {
  const subtrees: { level: number; index: number }[] = [];
  let start = range.start;
  while (start < range.end) {
    let level = 0;
    let width = 1;
    while (start % (2 * width) === 0 && start + 2 * width <= range.end) {
      level += 1;
      width *= 2;
    }
    subtrees.push({ level, index: start / width });
    start += width;
  }
  return subtrees;
}

/** The largest power of two that is less than n; n is at least 2. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (2 * power < n) power *= 2;
  return power;
}
