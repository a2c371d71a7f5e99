const WORD_BYTES = 32;
const ADDRESS_BYTES = 20;

/** A uint of `bits` bits as an ABI word of 32 bytes. Throws RangeError when it does not fit. */
export function uintWord(value: bigint, bits: number): Uint8Array {
  if (value < 0n || value >> BigInt(bits) !== 0n) throw new RangeError(`${value} does not fit a uint${bits}`);
  const word = new Uint8Array(WORD_BYTES);
  const view = new DataView(word.buffer);
  for (let i = WORD_BYTES - 8, rest = value; rest > 0n; i -= 8, rest >>= 64n)
    view.setBigUint64(i, BigInt.asUintN(64, rest));
  return word;
}

export function addressWord(address: Uint8Array): Uint8Array {
  if (address.length !== ADDRESS_BYTES) throw new RangeError(`an address has 20 bytes, got ${address.length}`);
  const word = new Uint8Array(WORD_BYTES);
  word.set(address, WORD_BYTES - ADDRESS_BYTES);
  return word;
}

export function bytesWord(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== WORD_BYTES) throw new RangeError(`a bytes32 has 32 bytes, got ${bytes.length}`);
  return bytes;
}

/** Lexicographic order of byte strings of one length: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
