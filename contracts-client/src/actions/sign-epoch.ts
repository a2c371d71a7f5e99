import { bytesToHex, type Hex, hexToBytes } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { Deployment } from '../chain/deployment.ts';
import { compactSignature, type EpochStatement, type EpochVote, epochDigest } from '../encoding/index.ts';

/** The digest of an epoch on the chain of a deployment, 32 bytes. */
export function epochDigestOn({ chainId, contracts }: Deployment, statement: EpochStatement): Uint8Array {
  return epochDigest(statement, { chainId, distributor: hexToBytes(contracts.distributor) });
}

/**
 * A validator's vote. It knows nothing of earlier votes: the caller must have put this one on disk, and have found no other
 * for the same (epoch, attempt), or the bond is lost.
 */
export async function signEpoch(
  deployment: Deployment,
  statement: EpochStatement,
  account: Pick<PrivateKeyAccount, 'address' | 'sign'>,
): Promise<EpochVote> {
  const signature = await account.sign({ hash: bytesToHex(epochDigestOn(deployment, statement)) });
  return { account: hexToBytes(account.address), signature: compact(signature) };
}

/** From r ‖ s ‖ v, 65 bytes. */
function compact(signature: Hex): Uint8Array {
  const digits = signature.slice(2);
  const [r, s] = [BigInt(`0x${digits.slice(0, 64)}`), BigInt(`0x${digits.slice(64, 128)}`)];
  return compactSignature(r, s, digits.slice(128) === '1b' ? 0 : 1);
}
