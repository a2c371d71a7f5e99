import type { OwnerLeaf } from '@sextant/contracts-client/encoding';
import { bytesToHex, hexToBytes } from '@sextant/firmware-bridge/protocol';

const ADDRESS_BYTES = 20;
const AMOUNT_BYTES = 32;
const ROW_BYTES = ADDRESS_BYTES + AMOUNT_BYTES;

/** Rows of 52 bytes: address, then base units as a big-endian number. */
export function encodeOwnerTotals(owners: readonly OwnerLeaf[]): Uint8Array {
  const rows = new Uint8Array(owners.length * ROW_BYTES);
  owners.forEach(({ owner, cumulative }, i) => {
    rows.set(owner, i * ROW_BYTES);
    rows.set(hexToBytes(cumulative.toString(16).padStart(2 * AMOUNT_BYTES, '0')), i * ROW_BYTES + ADDRESS_BYTES);
  });
  return rows;
}

/** Undefined when the bytes are no whole number of rows. */
export function decodeOwnerTotals(bytes: Uint8Array): readonly OwnerLeaf[] | undefined {
  if (bytes.length % ROW_BYTES !== 0) return undefined;
  return Array.from({ length: bytes.length / ROW_BYTES }, (_, i) => {
    const row = bytes.subarray(i * ROW_BYTES, (i + 1) * ROW_BYTES);
    return { owner: row.slice(0, ADDRESS_BYTES), cumulative: BigInt(`0x${bytesToHex(row.subarray(ADDRESS_BYTES))}`) };
  });
}
