import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { addressWord, bytesWord, uintWord } from './abi-words.ts';

/** What validators sign about an epoch, and what the distributor contract takes. */
export interface EpochStatement {
  readonly epoch: number;
  /** Which try at this epoch; a veto opens the next. At most 2^32 − 2. */
  readonly attempt: number;
  /** Number of the validator set that signs. */
  readonly setId: number;
  /** Root of the epoch before, 32 bytes; all zero for epoch 0. */
  readonly prevRoot: Uint8Array;
  /** SHA-256 of the epoch summary. */
  readonly summaryHash: Uint8Array;
  /** Root of the owner tree. */
  readonly root: Uint8Array;
  /** Base units since epoch 0, this epoch included; below 2^128. */
  readonly total: bigint;
}

/** Where a signature counts: one contract on one chain. */
export interface DistributorDomain {
  readonly chainId: number;
  /** Address of the distributor, 20 bytes. */
  readonly distributor: Uint8Array;
}

export const DISTRIBUTOR_DOMAIN_NAME = 'Sextant RewardDistributor';
export const DISTRIBUTOR_DOMAIN_VERSION = '1';

const EPOCH_TYPE =
  'Epoch(uint64 epoch,uint32 attempt,uint32 setId,bytes32 prevRoot,bytes32 summaryHash,bytes32 root,uint128 total)';
const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';

const hashText = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));

/** The EIP-712 struct hash: how the contract names a posted epoch. Throws RangeError for a field out of range. */
export function epochStructHash(statement: EpochStatement): Uint8Array {
  const { epoch, attempt, setId, prevRoot, summaryHash, root, total } = statement;
  return keccak_256(
    concatBytes(
      hashText(EPOCH_TYPE),
      uintWord(BigInt(epoch), 64),
      uintWord(BigInt(attempt), 32),
      uintWord(BigInt(setId), 32),
      bytesWord(prevRoot),
      bytesWord(summaryHash),
      bytesWord(root),
      uintWord(total, 128),
    ),
  );
}

/** The 32 bytes a validator signs (EIP-712). Throws RangeError for a field out of range. */
export function epochDigest(statement: EpochStatement, { chainId, distributor }: DistributorDomain): Uint8Array {
  const domain = keccak_256(
    concatBytes(
      hashText(DOMAIN_TYPE),
      hashText(DISTRIBUTOR_DOMAIN_NAME),
      hashText(DISTRIBUTOR_DOMAIN_VERSION),
      uintWord(BigInt(chainId), 256),
      addressWord(distributor),
    ),
  );
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), domain, epochStructHash(statement)));
}
