import {
  claimManyCall,
  type Deployment,
  fetchProof,
  listClaimableRoots,
  type OwnerProof,
  readHead,
  submitCall,
} from '@sextant/contracts-client';
import { PUBLIC_TEST_MNEMONIC } from '@sextant/contracts-client/local-chain';
import type { EpochProofView, HotspotRewardView, Page } from '@sextant/oracle/api';
import { type Address, createWalletClient, erc20Abi, http, type PublicClient } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { expect } from 'vitest';

/** Epochs come and go while one claims: try again with the next. */
const TRIES = 8;

/** A running network and its chain. */
export interface SettledNetwork {
  /** Of the API. */
  readonly url: string;
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly reader: PublicClient;
}

/** Claims for everybody from the newest root; comes back when no newer one was activated until the block of the claim. */
export async function claimAll({ url, rpcUrl, deployment, reader }: SettledNetwork, owners: readonly Address[]) {
  const account = mnemonicToAccount(PUBLIC_TEST_MNEMONIC, { addressIndex: 5 });
  const wallet = createWalletClient({ transport: http(rpcUrl), account });
  for (let tries = 0; tries < TRIES; tries++) {
    const [root] = await listClaimableRoots(reader, deployment);
    if (root === undefined) throw new Error('nothing can be claimed');
    const proofs: OwnerProof[] = [];
    for (const owner of owners) {
      const found = await fetchProof([url], root, owner, fetch);
      expect(found.kind).not.toBe('failed');
      if (found.kind === 'proof') proofs.push(found.proof);
    }
    const { blockNumber } = await submitCall({ reader, wallet }, claimManyCall(deployment, proofs));
    const { nextEpoch } = await readHead(reader, deployment, blockNumber);
    if (nextEpoch === root.epoch + 1) return { epoch: root.epoch, block: blockNumber };
  }
  throw new Error('epochs are activated faster than one can claim');
}

interface PaidLine {
  /** Base units, as text. */
  readonly amount: string;
  /** `0x…`; absent under rule set 1. */
  readonly paidTo?: string;
}

/** What was paid for a key up to and with epoch `last`, line by line: released grace pay is in it, held pay is not. */
export async function paidLines(url: string, id: string, last: number): Promise<readonly PaidLine[]> {
  if (id.startsWith('val1')) return validatorLines(url, id, last);
  const response = await fetch(new URL(`/api/v1/hotspots/${id}/rewards?limit=200`, url));
  const { items, next } = (await response.json()) as Page<HotspotRewardView>;
  expect(next).toBeUndefined();
  return items
    .filter(({ epoch }) => epoch <= last)
    .flatMap(({ lines, released }) => [...lines.filter(({ held }) => !held), ...(released ? [released] : [])]);
}

/** A validator has no page of rewards; its lines up to and with epoch `last` are the leaves of the tree. */
async function validatorLines(url: string, id: string, last: number): Promise<readonly PaidLine[]> {
  const lines: PaidLine[] = [];
  for (let epoch = 0; epoch <= last; epoch++) {
    const response = await fetch(new URL(`/api/v1/epochs/${epoch}/proof?reward=${id}`, url));
    if (response.status === 404) continue;
    const { leaves } = (await response.json()) as EpochProofView;
    for (const { leaf } of leaves) {
      const { amount, held, paidTo } = JSON.parse(Buffer.from(leaf, 'hex').toString('utf8')) as Leaf;
      if (!held) lines.push({ amount, ...(paidTo === undefined ? {} : { paidTo: `0x${paidTo}` }) });
    }
  }
  return lines;
}

interface Leaf {
  readonly amount: string;
  readonly held: boolean;
  readonly paidTo?: string;
}

export const balanceAt = (
  reader: PublicClient,
  { contracts }: Deployment,
  owner: Address,
  block: bigint,
): Promise<bigint> =>
  reader.readContract({
    address: contracts.token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [owner],
    blockNumber: block,
  });
