import type { AccusationCode } from './accusations.ts';
import { bytesToHex } from './bytes.ts';
import { keccakText, ownerDigest, type SigningDomain, word } from './owner-signature.ts';

const APPEAL_FIELDS = [
  { name: 'network', type: 'string' },
  { name: 'key', type: 'bytes32' },
  { name: 'accusation', type: 'string' },
  { name: 'epoch', type: 'uint256' },
  { name: 'statementHash', type: 'bytes32' },
] as const;

/** EIP-712 type of what the owner signs. */
const APPEAL_TYPE = keccakText(`Appeal(${APPEAL_FIELDS.map(({ name, type }) => `${type} ${name}`).join(',')})`);

const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const;

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

/** What `appealDigest` is the digest of, as wallets take it (`eth_signTypedData_v4`): plain JSON. */
export function appealTypedData(statement: AppealStatement, { chainId, verifyingContract }: SigningDomain) {
  const { networkId, key, accusation, epoch, statementHash } = statement;
  return {
    types: { EIP712Domain: DOMAIN_FIELDS, Appeal: APPEAL_FIELDS },
    primaryType: 'Appeal',
    domain: {
      name: 'Sextant',
      version: '1',
      chainId: Number(chainId),
      verifyingContract: `0x${bytesToHex(verifyingContract)}`,
    },
    message: {
      network: networkId,
      key: `0x${bytesToHex(key)}`,
      accusation,
      epoch,
      statementHash: `0x${bytesToHex(statementHash ?? new Uint8Array(32))}`,
    },
  } as const;
}
