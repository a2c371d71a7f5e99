import type { AccusationCode } from './accusations.ts';
import { keccakText, ownerDigest, type SigningDomain, word } from './owner-signature.ts';

/** EIP-712 type of what the owner signs. */
const APPEAL_TYPE = keccakText(
  'Appeal(string network,bytes32 key,string accusation,uint256 epoch,bytes32 statementHash)',
);

export interface AppealStatement {
  readonly networkId: string;
  /** The accused. */
  readonly key: Uint8Array;
  readonly accusation: AccusationCode;
  /** The last epoch whose evidence bore it out. */
  readonly epoch: number;
  /** SHA-256 of what the owner has to say; absent counts as 32 zero bytes. */
  readonly statementHash?: Uint8Array;
}

/** The 32-byte EIP-712 digest the owner's wallet signs. */
export function appealDigest(statement: AppealStatement, domain: SigningDomain): Uint8Array {
  const { networkId, key, accusation, epoch, statementHash } = statement;
  return ownerDigest(
    domain,
    APPEAL_TYPE,
    keccakText(networkId),
    key,
    keccakText(accusation),
    word(BigInt(epoch)),
    statementHash ?? new Uint8Array(32),
  );
}
