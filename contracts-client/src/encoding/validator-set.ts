import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { compareBytes, uintWord } from './abi-words.ts';

/** The registry's limit: one bit of a post a validator. */
export const MAX_VALIDATORS = 64;
const ACCOUNT_BYTES = 20;
export const EPOCH_SIGNATURE_BYTES = 64;

export interface ValidatorSet {
  readonly setId: number;
  readonly threshold: number;
  /** Addresses, 20 bytes each, ascending. */
  readonly accounts: readonly Uint8Array[];
}

/** One validator's signature of an epoch: EIP-2098, 64 bytes. */
export interface EpochVote {
  readonly account: Uint8Array;
  readonly signature: Uint8Array;
}

export interface AssembledVotes {
  /** Bit i is set when the set's i-th account signed. */
  readonly signers: bigint;
  /** In the order of the bits. */
  readonly signatures: Uint8Array;
}

/** The least threshold the registry takes: more than two thirds. */
export function leastThreshold(validators: number): number {
  return Math.floor((2 * validators) / 3) + 1;
}

/** The accounts as a post brings them. Throws RangeError unless they are 1 to 64 different addresses, ascending. */
export function packAccounts(accounts: readonly Uint8Array[]): Uint8Array {
  if (accounts.length === 0 || accounts.length > MAX_VALIDATORS) {
    throw new RangeError(`a set has 1 to ${MAX_VALIDATORS} validators, got ${accounts.length}`);
  }
  accounts.forEach((account, i) => {
    if (account.length !== ACCOUNT_BYTES) throw new RangeError(`an address has 20 bytes, got ${account.length}`);
    const previous = i === 0 ? new Uint8Array(ACCOUNT_BYTES) : (accounts[i - 1] as Uint8Array);
    if (compareBytes(previous, account) >= 0)
      throw new RangeError(`account ${i} of the set is not above the one before`);
  });
  return concatBytes(...accounts);
}

/** keccak256 of set id (4 bytes), threshold (1 byte) and accounts, as the registry publishes it. */
export function validatorSetHash({ setId, threshold, accounts }: ValidatorSet): Uint8Array {
  const numbers = concatBytes(uintWord(BigInt(setId), 32).slice(28), uintWord(BigInt(threshold), 8).slice(31));
  return keccak_256(concatBytes(numbers, packAccounts(accounts)));
}

/** Votes in the order and form a post needs. Throws RangeError for a stranger, a second vote or a wrong length. */
export function assembleVotes(
  { accounts }: Pick<ValidatorSet, 'accounts'>,
  votes: readonly EpochVote[],
): AssembledVotes {
  const placed = votes.map(({ account, signature }) => {
    if (signature.length !== EPOCH_SIGNATURE_BYTES) {
      throw new RangeError(`a compact signature has ${EPOCH_SIGNATURE_BYTES} bytes, got ${signature.length}`);
    }
    const index = accounts.findIndex(
      (member) => member.length === account.length && compareBytes(member, account) === 0,
    );
    if (index < 0) throw new RangeError('a vote comes from an account that is not in the set');
    return { index, signature };
  });
  placed.sort((a, b) => a.index - b.index);
  const signers = placed.reduce((bits, { index }) => bits | (1n << BigInt(index)), 0n);
  if (new Set(placed.map(({ index }) => index)).size !== placed.length) throw new RangeError('an account voted twice');
  return { signers, signatures: concatBytes(...placed.map(({ signature }) => signature)) };
}

/** r ‖ s with the parity of y in the highest bit of s (EIP-2098). Throws RangeError for a high s, which no contract takes. */
export function compactSignature(r: bigint, s: bigint, yParity: 0 | 1): Uint8Array {
  if (s >> 255n !== 0n) throw new RangeError('s is not low');
  return concatBytes(uintWord(r, 256), uintWord(s | (BigInt(yParity) << 255n), 256));
}
