import { sha256 } from '@noble/hashes/sha2.js';
import { bech32m } from '@scure/base';
import { wordlist } from '@scure/bip39/wordlists/english.js';

/** Prefixes of the ids people see; bech32m (BIP 350) catches every typo of up to four characters. */
export const ID_PREFIXES = { hotspot: 'hs', validator: 'val', survey_device: 'sv' } as const;
export type IdKind = keyof typeof ID_PREFIXES;

const ID_MAX_LENGTH = 64;

/** `hs1…`, `val1…` or `sv1…`: bech32m of the 32-byte public key. */
export function formatId(kind: IdKind, publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new RangeError(`a key has 32 bytes, got ${publicKey.length}`);
  return bech32m.encode(ID_PREFIXES[kind], bech32m.toWords(publicKey));
}

/** The kind and key an id names; undefined when it is mistyped, of another prefix or of another length. */
export function parseId(text: string): { kind: IdKind; publicKey: Uint8Array } | undefined {
  if (text.length > ID_MAX_LENGTH || !text.includes('1')) return undefined;
  try {
    const { prefix, words } = bech32m.decode(text as `${string}1${string}`, ID_MAX_LENGTH);
    const publicKey = bech32m.fromWords(words);
    if (publicKey.length !== 32) return undefined;
    for (const kind of Object.keys(ID_PREFIXES) as IdKind[]) {
      if (ID_PREFIXES[kind] === prefix) return { kind, publicKey };
    }
  } catch {
    return undefined;
  }
  return undefined;
}

/** Three words for people, from SHA-256(key) and the BIP-39 English list: `amber-lunar-fox`. Not unique, not an id. */
export function nameOfKey(publicKey: Uint8Array): string {
  const digest = sha256(publicKey);
  const word = (i: number): string =>
    wordlist[(((digest[2 * i] as number) << 8) | (digest[2 * i + 1] as number)) % wordlist.length] as string;
  return `${word(0)}-${word(1)}-${word(2)}`;
}
