import type { Address, PublicClient } from 'viem';
import { listClaimableRoots } from '../actions/list-claimable-roots.ts';
import { readClaimed } from '../actions/read-claimed.ts';
import type { Deployment } from '../chain/deployment.ts';
import { fetchProof, type RefusedMirror } from './fetch-proof.ts';
import type { OwnerProof } from './owner-proof.ts';

export interface Claimable {
  readonly owner: Address;
  /** Base units paid so far. */
  readonly claimed: bigint;
  /** Base units `proof` would pay now. */
  readonly amount: bigint;
  /** The newest epoch a mirror could prove; absent when there is none. */
  readonly proof?: OwnerProof;
  /** Every mirror whose answer was not used, and why. */
  readonly refused: readonly RefusedMirror[];
  /** Nobody could be asked: not the same as nothing to claim. */
  readonly unknown: boolean;
}

/**
 * What an owner can claim now. Starts with the newest root and goes back while no mirror can prove it: a mirror may lag a few
 * epochs, and an older root pays as well.
 */
export async function findClaimable(
  client: Pick<PublicClient, 'readContract' | 'getBlockNumber'>,
  deployment: Pick<Deployment, 'contracts'>,
  owner: Address,
  mirrors: readonly string[],
  fetchUrl: typeof fetch,
): Promise<Claimable> {
  const [roots, claimed] = await Promise.all([
    listClaimableRoots(client, deployment),
    readClaimed(client, deployment, owner),
  ]);
  const refused: RefusedMirror[] = [];
  let unknown = false;
  for (const root of roots) {
    const found = await fetchProof(mirrors, root, owner, fetchUrl);
    refused.push(...found.refused);
    if (found.kind === 'proof') {
      const { proof } = found;
      const amount = proof.cumulative > claimed ? proof.cumulative - claimed : 0n;
      return { owner, claimed, amount, proof, refused, unknown: false };
    }
    unknown ||= found.kind === 'failed';
  }
  return { owner, claimed, amount: 0n, refused, unknown };
}
