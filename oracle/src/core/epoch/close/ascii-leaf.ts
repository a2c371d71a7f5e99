import type { Sha256 } from '../../merkle/tree-hasher.ts';

/** RFC 6962 leaf hash of ASCII text, without a copy of it a leaf. */
export function createAsciiLeafHasher(sha256: Sha256): (text: string) => Uint8Array {
  let buffer = new Uint8Array(2048);
  return (text) => {
    if (text.length >= buffer.length) buffer = new Uint8Array(2 * text.length);
    for (let i = 0; i < text.length; i++) buffer[i + 1] = text.charCodeAt(i);
    return sha256(buffer.subarray(0, text.length + 1));
  };
}
