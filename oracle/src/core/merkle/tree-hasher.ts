/** SHA-256 of the bytes, 32 bytes in an array of its own. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const HASH_BYTES = 32;

/** RFC 6962 hash of an inner node. */
export function createNodeHasher(sha256: Sha256): (left: Uint8Array, right: Uint8Array) => Uint8Array {
  const node = new Uint8Array(1 + 2 * HASH_BYTES);
  node[0] = 1;
  return (left, right) => {
    node.set(left, 1);
    node.set(right, 1 + HASH_BYTES);
    return sha256(node);
  };
}

/** RFC 6962 hash of a leaf. */
export function hashLeaf(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const leaf = new Uint8Array(1 + entry.length);
  leaf.set(entry, 1);
  return sha256(leaf);
}
