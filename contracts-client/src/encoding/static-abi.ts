import { utf8ToBytes } from '@noble/hashes/utils.js';
import { hexOfBytes } from './hex.ts';
import { keccakOfBlock } from './keccak-block.ts';

type Hex = `0x${string}`;

/** A function or an error as an ABI lists it; `type` of each parameter is all that counts. */
export interface AbiEntry {
  readonly name: string;
  readonly inputs: readonly { readonly type: string }[];
}

/** An ABI as the compiler writes it. */
export type AbiList = readonly { readonly type: string }[];

/** The first function of this name. Throws RangeError when there is none. */
export function functionOf(abi: AbiList, name: string): AbiFunctionEntry {
  const found = abi.find((entry) => entry.type === 'function' && (entry as unknown as AbiEntry).name === name);
  if (found === undefined) throw new RangeError(`the ABI has no function ${name}`);
  return found as unknown as AbiFunctionEntry;
}

export interface AbiFunctionEntry extends AbiEntry {
  readonly outputs: readonly { readonly type: string }[];
}

/** What this codec can carry: every type here is one word, and an array of words. */
export type AbiValue = bigint | number | boolean | string | readonly string[];

const WORD_DIGITS = 64;
const WORD_BYTES = 32n;
/** viem gives unsigned integers up to this many bits as numbers. */
const NUMBER_BITS = 48;

/** First four bytes of the hash of the signature. Throws RangeError for a signature longer than 135 characters. */
export function selectorOf({ name, inputs }: AbiEntry): Hex {
  const signature = `${name}(${inputs.map(({ type }) => type).join()})`;
  return hexOfBytes(keccakOfBlock(utf8ToBytes(signature)).subarray(0, 4));
}

/**
 * Call data, byte for byte as viem makes it, for functions whose arguments are words or arrays of `bytes32`. A browser need not
 * load a codec for everything an ABI can say, which is larger than all that shows the map's panels.
 */
export function encodeCall(entry: AbiEntry, values: readonly AbiValue[]): Hex {
  if (values.length !== entry.inputs.length)
    throw new RangeError(`${entry.name} takes ${entry.inputs.length} arguments`);
  let [head, tail] = ['', ''];
  for (const [i, { type }] of entry.inputs.entries()) {
    const value = values[i] as AbiValue;
    if (!isList(value)) {
      head += wordOf(type, value);
      continue;
    }
    head += word(BigInt(entry.inputs.length) * WORD_BYTES + BigInt(tail.length / 2));
    tail += word(BigInt(value.length)) + value.map((each) => wordOf('bytes32', each)).join('');
  }
  return `${selectorOf(entry)}${head}${tail}`;
}

const isList = (value: AbiValue): value is readonly string[] => typeof value === 'object';

const word = (value: bigint): string => value.toString(16).padStart(WORD_DIGITS, '0');

function wordOf(type: string, value: Exclude<AbiValue, readonly string[]>): string {
  if (type === 'bytes32' && typeof value === 'string' && value.length === WORD_DIGITS + 2)
    return value.slice(2).toLowerCase();
  if (type === 'bool' || type === 'address' || type.startsWith('uint')) {
    const number = BigInt(value);
    if (number >= 0n && number >> BigInt(bitsOf(type)) === 0n) return word(number);
  }
  throw new RangeError(`${String(value)} is no ${type}`);
}

const bitsOf = (type: string): number => ({ bool: 1, address: 160 })[type] ?? Number(type.slice(4));

/** The values of some words, as viem gives them. Throws RangeError when the data is too short or a word is too large. */
export function decodeWords(types: readonly string[], data: string): readonly (bigint | number | boolean | string)[] {
  if (!/^0x[0-9a-fA-F]*$/.test(data) || data.length < 2 + types.length * WORD_DIGITS)
    throw new RangeError('too few words');
  return types.map((type, i) => {
    const digits = data.slice(2 + i * WORD_DIGITS, 2 + (i + 1) * WORD_DIGITS);
    if (type === 'bytes32') return `0x${digits}`;
    const value = BigInt(`0x${digits}`);
    const bits = bitsOf(type);
    if (!(bits <= 256) || value >> BigInt(bits) !== 0n) throw new RangeError(`a word is no ${type}`);
    if (type === 'address') return `0x${digits.slice(24)}`;
    if (type === 'bool') return value === 1n;
    return bits <= NUMBER_BITS ? Number(value) : value;
  });
}
