import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../protocol/index.ts';

/** EIP-55: the case of each letter is one bit of a checksum. `lower` without 0x. */
function withChecksum(lower: string): string {
  const hash = bytesToHex(keccak_256(utf8ToBytes(lower)));
  return Array.from(lower)
    .map((digit, i) => (Number.parseInt(hash[i] as string, 16) >= 8 ? digit.toUpperCase() : digit))
    .join('');
}

export type ParsedAddress =
  | { readonly ok: true; readonly address: Uint8Array }
  | { readonly ok: false; readonly problem: string };

/** An EVM address as people write it; where upper and lower case are mixed, the checksum in them must be right. */
export function parseOwnerAddress(text: string): ParsedAddress {
  const digits = /^0x([0-9a-fA-F]{40})$/.exec(text)?.[1];
  if (digits === undefined) return { ok: false, problem: `"${text}" is no EVM address: 0x and 40 hex digits.` };
  const lower = digits.toLowerCase();
  const isMixed = digits !== lower && digits !== digits.toUpperCase();
  if (isMixed && digits !== withChecksum(lower)) {
    return { ok: false, problem: `"${text}" is mistyped: its checksum is wrong. Copy it from your wallet.` };
  }
  return { ok: true, address: hexToBytes(lower) };
}
