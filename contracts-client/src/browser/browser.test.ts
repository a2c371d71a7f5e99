import { hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimRewardsCall } from '../actions/claim-rewards.ts';
import { listClaimableRoots } from '../actions/list-claimable-roots.ts';
import { readBalance } from '../actions/read-balance.ts';
import { readHead } from '../actions/read-head.ts';
import { ContractRefusedError } from '../chain/chain-errors.ts';
import type { OwnerLeaf } from '../encoding/index.ts';
import { findClaimable } from '../proofs/find-claimable.ts';
import type { OwnerProof } from '../proofs/owner-proof.ts';
import { type ProofMirror, startProofMirror } from '../testing/proof-mirror.ts';
import { type Person, SettlementFixture } from '../testing/settlement-fixture.ts';
import { type DiscoveredWallet, discoverWallets } from './discover-wallets.ts';
import { type EthereumProvider, providerFault, readAccounts, readChainId, switchChain } from './ethereum-provider.ts';
import { FollowedTransaction } from './follow-transaction.ts';
import { sendThroughWallet } from './send-through-wallet.ts';
import { createWalletReader } from './wallet-reader.ts';

let fixture: SettlementFixture;
let mirror: ProofMirror;
let provider: EthereumProvider;

beforeAll(async () => {
  [fixture, mirror] = await Promise.all([SettlementFixture.start(3), startProofMirror()]);
  // What a wallet does with what it is asked, its owner saying yes to everything: anvil's accounts are unlocked.
  provider = { request: ({ method, params }) => fixture.reader.request({ method, params } as never) };
});
afterAll(async () => {
  await fixture.stop();
  await mirror.stop();
});

/** Base units since epoch 0: nobody's total ever goes down. */
const earned = new Map<Person, bigint>([['guardian', 5n]]);

async function settleFor(person: Person, cumulative: bigint): Promise<OwnerProof> {
  earned.set(person, cumulative);
  const leaves = [...earned].map(
    ([each, total]): OwnerLeaf => ({ owner: hexToBytes(fixture.address(each)), cumulative: total }),
  );
  const { statement, tree } = await fixture.settle({ leaves });
  const owner = fixture.address(person);
  const path = tree.findProof(hexToBytes(owner)) ?? [];
  const proof = { epoch: statement.epoch, owner, cumulative, path };
  mirror.serve([proof]);
  return proof;
}

describe('a page with a wallet', () => {
  it('reads what viem reads, claims, and follows the claim until it is final', async () => {
    const owner = fixture.address('owner');
    await settleFor('owner', 700n);
    const { deployment } = fixture;
    const reader = createWalletReader(provider);
    expect(await readHead(reader, deployment)).toEqual(await readHead(fixture.reader, deployment));
    expect(await listClaimableRoots(reader, deployment)).toEqual(await listClaimableRoots(fixture.reader, deployment));
    const found = await findClaimable(reader, deployment, owner, [mirror.url], fetch);
    expect(found).toEqual(await findClaimable(fixture.reader, deployment, owner, [mirror.url], fetch));
    expect(found).toMatchObject({ amount: 700n, claimed: 0n });
    if (found.proof === undefined) throw new Error('no proof');

    await fixture.control.setAutomine(false);
    const hash = await sendThroughWallet(provider, claimRewardsCall(deployment, found.proof), owner);
    const followed = new FollowedTransaction(hash, provider);
    expect(await followed.look()).toEqual({ kind: 'sent', known: true });
    await fixture.control.mine({ blocks: 1 });
    const { blockNumber } = await fixture.reader.waitForTransactionReceipt({ hash });
    const block = Number(blockNumber);
    expect(await followed.look()).toEqual({ kind: 'included', block, confirmations: 1 });
    await fixture.control.mine({ blocks: 2 });
    expect(await followed.look()).toEqual({ kind: 'included', block, confirmations: 3 });
    await fixture.control.mine({ blocks: 100 });
    expect(await followed.look()).toEqual({ kind: 'final', block });
    await fixture.control.setAutomine(true);
    expect(await readBalance(reader, deployment, owner)).toBe(700n);
  });

  it('sends nothing that the contract refuses, and says why', async () => {
    const proof = await settleFor('other', 900n);
    const from = fixture.address('other');
    const asked: string[] = [];
    const watched: EthereumProvider = {
      request(request) {
        asked.push(request.method);
        return provider.request(request);
      },
    };
    const call = claimRewardsCall(fixture.deployment, { ...proof, cumulative: 901n });
    const error = await sendThroughWallet(watched, call, from).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ContractRefusedError);
    expect(error).toMatchObject({ code: 'BadProof', facts: [BigInt(proof.epoch), from.toLowerCase(), 901n] });
    expect(asked).toEqual(['eth_call']);
  });

  it('notices a transaction that was replaced in the wallet, and one that failed', async () => {
    const proof = await settleFor('other', 1_000n);
    const from = fixture.address('other');
    await fixture.control.setAutomine(false);
    const hash = await sendThroughWallet(provider, claimRewardsCall(fixture.deployment, proof), from);
    const followed = new FollowedTransaction(hash, provider);
    expect(await followed.look()).toMatchObject({ kind: 'sent' });
    const { nonce } = await fixture.reader.getTransaction({ hash });
    await fixture.control.dropTransaction({ hash });
    expect(await followed.look()).toEqual({ kind: 'sent', known: false });
    const other = { from, to: from, value: '0x0', nonce: `0x${nonce.toString(16)}` };
    await provider.request({ method: 'eth_sendTransaction', params: [other] });
    await fixture.control.mine({ blocks: 1 });
    expect(await followed.look()).toEqual({ kind: 'replaced' });
    const bad = claimRewardsCall(fixture.deployment, { ...proof, cumulative: 1n });
    const failing = { from, to: bad.to, data: bad.data, gas: '0x30000' };
    const failed = String(await provider.request({ method: 'eth_sendTransaction', params: [failing] }));
    await fixture.control.mine({ blocks: 1 });
    expect(await new FollowedTransaction(failed, provider).look()).toMatchObject({ kind: 'failed' });
    await fixture.control.setAutomine(true);
  });
});

describe('a wallet', () => {
  const walletOf = (answers: Readonly<Record<string, unknown>>): EthereumProvider => ({
    request: async ({ method }) => answers[method],
  });
  const announce = (page: EventTarget, detail: unknown): boolean =>
    page.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  const infoOf = (name: string): object => ({ rdns: `example.${name}`, name });

  it('is found when it announces itself, before or after it was asked; each once', () => {
    const page = new EventTarget();
    const early = walletOf({});
    page.addEventListener('eip6963:requestProvider', () => announce(page, { info: infoOf('early'), provider: early }));
    const lists: (readonly DiscoveredWallet[])[] = [];
    const stop = discoverWallets(page, (wallets) => lists.push(wallets));
    expect(lists.at(-1)?.map(({ name }) => name)).toEqual(['early']);
    for (const detail of [null, {}, { info: {}, provider: early }, { info: infoOf('x'), provider: {} }])
      announce(page, detail);
    announce(page, { info: infoOf('early'), provider: walletOf({}) });
    announce(page, { info: { rdns: 'example.late', name: 'l'.repeat(500) }, provider: walletOf({}) });
    expect(lists.at(-1)?.map(({ name }) => name.length)).toEqual([5, 40]);
    expect(lists.at(-1)?.[0]?.provider).toBe(early);
    stop();
    announce(page, { info: infoOf('later'), provider: walletOf({}) });
    expect(lists.at(-1)).toHaveLength(2);
  });

  it('is the one at window.ethereum where none announces itself', () => {
    const found = (ethereum: unknown): readonly DiscoveredWallet[] => {
      let last: readonly DiscoveredWallet[] = [];
      discoverWallets(Object.assign(new EventTarget(), { ethereum }), (wallets) => {
        last = wallets;
      });
      return last;
    };
    const ethereum = walletOf({});
    expect(found(ethereum)).toEqual([{ rdns: '', name: 'Browser wallet', provider: ethereum }]);
    expect([found(undefined), found({}), found(7)]).toEqual([[], [], []]);
  });

  it('is not believed when it answers nonsense', async () => {
    for (const eth_chainId of [undefined, '0x', '0xzz', '1', `0x${'f'.repeat(20)}`, {}]) {
      await expect(readChainId(walletOf({ eth_chainId }))).rejects.toThrow(RangeError);
    }
    expect(await readChainId(walletOf({ eth_chainId: '0x7a69' }))).toBe(31_337);
    const address = `0x${'Ab'.repeat(20)}`;
    expect(await readAccounts(walletOf({ eth_accounts: ['0x1', 7, null, address] }), false)).toEqual([address]);
    expect(await readAccounts(walletOf({ eth_accounts: 'none' }), false)).toEqual([]);
    const nothing = walletOf({ eth_call: '0x', eth_sendTransaction: 'done' });
    await expect(
      readBalance(createWalletReader(nothing), fixture.deployment, fixture.address('owner')),
    ).rejects.toThrow(RangeError);
    const call = { name: 'claim', to: fixture.address('owner'), data: '0x', value: 0n } as const;
    await expect(sendThroughWallet(nothing, call, address)).rejects.toThrow('did not say which transaction');
  });

  it('has its errors known by their codes, however deep they lie', async () => {
    expect(providerFault({ code: 4001 })).toBe('userRejected');
    expect(providerFault({ code: -32_603, data: { originalError: { code: 4902 } } })).toBe('unknownChain');
    expect(providerFault({ code: 'ACTION_REJECTED', cause: { code: 4001 } })).toBe('userRejected');
    expect([undefined, null, 4001, {}, new Error('4001'), { code: -32_603 }].map(providerFault)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
    const endless: Record<string, unknown> = { code: -1 };
    endless['data'] = endless;
    expect(providerFault(endless)).toBeUndefined();
    const asked: unknown[] = [];
    await switchChain({ request: async (request) => asked.push(request) }, 31_337);
    expect(asked).toEqual([{ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x7a69' }] }]);
  });
});
