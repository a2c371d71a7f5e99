import { hexToBytes, type PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import type { ValidatorSet } from '../encoding/index.ts';
import { validatorRegistryAbi } from '../generated/validator-registry.abi.ts';

export interface RegisteredValidator {
  /** 20 bytes. */
  readonly account: Uint8Array;
  /** ed25519, 32 bytes. */
  readonly logKey: Uint8Array;
  /** ed25519, 32 bytes. */
  readonly mirrorKey: Uint8Array;
  readonly chainAnchor: Uint8Array;
}

export interface RegisteredSet extends ValidatorSet {
  readonly validators: readonly RegisteredValidator[];
}

/** The validator set in force, at a block or at the newest one. Throws when the endpoint does not have its event. */
export async function readValidatorSet(
  client: Pick<PublicClient, 'readContract' | 'getContractEvents'>,
  { contracts, fromBlock }: Deployment,
  blockNumber?: bigint,
): Promise<RegisteredSet> {
  const at = { address: contracts.validators, abi: validatorRegistryAbi };
  const setId = await client.readContract({
    ...at,
    functionName: 'currentSetId',
    ...(blockNumber === undefined ? {} : { blockNumber }),
  });
  const events = await client.getContractEvents({
    ...at,
    eventName: 'ValidatorSetChanged',
    args: { setId },
    fromBlock: BigInt(fromBlock),
    strict: true,
  });
  const args = events.at(-1)?.args;
  if (args === undefined) throw new Error(`the endpoint has no event of validator set ${setId}`);
  const validators = args.validators.map(({ account, logKey, mirrorKey, chainAnchor }) => ({
    account: hexToBytes(account),
    logKey: hexToBytes(logKey),
    mirrorKey: hexToBytes(mirrorKey),
    chainAnchor: hexToBytes(chainAnchor),
  }));
  return { setId, threshold: args.threshold, accounts: validators.map(({ account }) => account), validators };
}
