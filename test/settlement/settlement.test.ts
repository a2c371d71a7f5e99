import { vetoEpochCall } from '@sextant/contracts-client';
import { parseGwei } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RpcProxy } from './rpc-proxy.ts';
import { SCHEDULE, SettlementHarness } from './settlement-harness.ts';

/** A machine that does other things as well. */
const SOON = { timeout: 30_000, interval: 50 };
/** Post and activation. */
const CALLS_AN_EPOCH = 2;

let harness: SettlementHarness;
const proxies: RpcProxy[] = [];

async function openProxy(): Promise<RpcProxy> {
  const proxy = await RpcProxy.open(harness.chain.rpcUrl);
  proxies.push(proxy);
  return proxy;
}

beforeEach(async () => {
  harness = await SettlementHarness.start();
});
afterEach(async () => {
  await harness.stop();
  for (const proxy of proxies.splice(0)) await proxy.close();
});

const untilActivated = (...epochs: readonly number[]): Promise<void> =>
  expect.poll(() => harness.activated(), SOON).toEqual(epochs);

describe('settlement', () => {
  it('posts nothing to contracts that were deployed for other epochs, and says what differs', async () => {
    harness.closeEpoch();
    const schedule = { ...SCHEDULE, genesisMs: SCHEDULE.genesisMs + 1, halvingDays: 365 };
    const settlement = await harness.open('a', {}, { schedule });
    await expect.poll(() => settlement.status().state, SOON).toBe('other_schedule');
    expect(Object.keys(settlement.status().facts ?? {}).sort()).toEqual(['genesisMs', 'halvingDays']);
    expect(await harness.transactions()).toBe(0);
  });

  it('posts and activates each epoch once, although two processes with one key try', async () => {
    harness.closeEpoch();
    harness.closeEpoch();
    const first = await harness.open('a');
    const second = await harness.open('b');
    await untilActivated(0, 1);
    harness.closeEpoch();
    first.epochClosed();
    second.epochClosed();
    await untilActivated(0, 1, 2);
    await expect
      .poll(() => [first, second].map((one) => one.status().state), SOON)
      .toEqual(['up_to_date', 'up_to_date']);
    expect(await harness.activated()).toEqual([0, 1, 2]);
  });

  it('waits for a person after a veto, and posts at the next attempt when told to', async () => {
    harness.closeEpoch();
    const settlement = await harness.open('a');
    await expect.poll(() => harness.isPosted(0), SOON).toBe(true);
    const { to, data } = vetoEpochCall(harness.deployment, 0, 0);
    const hash = await harness.guardiansWallet.sendTransaction({ chain: null, to, data });
    await harness.reader.waitForTransactionReceipt({ hash });
    await expect.poll(() => settlement.status().state, SOON).toBe('vetoed');
    expect(await harness.activated()).toEqual([]);
    await harness.close(settlement);
    await harness.open('a', { repostVetoed: true });
    await untilActivated(0);
  });
});

describe('a crash between sending and the receipt', () => {
  it.each(['lose_answer', 'lose_request'] as const)('%s: the same bytes go out again, once', async (fate) => {
    harness.closeEpoch();
    await harness.control.setAutomine(false);
    const proxy = await openProxy();
    proxy.judge = ({ method }) => (method === 'eth_sendRawTransaction' ? fate : 'pass');
    const dying = await harness.open('a', { rpcUrls: [proxy.url] });
    await expect.poll(async () => (await harness.journal('a')).open?.call, SOON).toBe('postEpoch');
    await harness.close(dying);
    const hash = (await harness.journal('a')).open?.tries[0]?.hash ?? '0x';
    await harness.open('a');
    await expect.poll(() => poolHas(hash), SOON).toBe(true);
    await harness.control.setAutomine(true);
    await harness.control.mine({ blocks: 1 });
    expect((await harness.reader.getTransactionReceipt({ hash })).status).toBe('success');
    await untilActivated(0);
    expect(await harness.transactions()).toBe(CALLS_AN_EPOCH);
  });

  it('does not post again when the disk is lost', async () => {
    harness.closeEpoch();
    const first = await harness.open('a');
    await expect.poll(() => harness.isPosted(0), SOON).toBe(true);
    await harness.close(first);
    await harness.open('another disk');
    await untilActivated(0);
    expect(await harness.transactions()).toBe(CALLS_AN_EPOCH);
  });
});

const poolHas = (hash: `0x${string}`): Promise<boolean> =>
  harness.reader.getTransaction({ hash }).then(
    () => true,
    () => false,
  );

describe('a stuck nonce', () => {
  it('is taken over with a higher fee from what somebody sent with it before', async () => {
    harness.closeEpoch();
    await harness.control.setAutomine(false);
    const fees = { maxFeePerGas: parseGwei('20'), maxPriorityFeePerGas: parseGwei('2') };
    const stuck = await harness.validatorsWallet.sendTransaction({
      chain: null,
      to: harness.validator,
      nonce: 0,
      ...fees,
    });
    await harness.open('a');
    await expect.poll(() => poolHas(stuck), SOON).toBe(false);
    await harness.control.setAutomine(true);
    await harness.control.mine({ blocks: 1 });
    await untilActivated(0);
    expect(await harness.transactions()).toBe(CALLS_AN_EPOCH);
  });

  it('gets higher and higher fees, but never above the limit', async () => {
    harness.closeEpoch();
    await harness.control.setAutomine(false);
    const maxFeePerGas = parseGwei('5');
    const settlement = await harness.open('a', { bumpAfterMs: 50, maxFeePerGas });
    const fees = async (): Promise<readonly bigint[]> =>
      ((await harness.journal('a')).open?.tries ?? []).map((one) => BigInt(one.maxFeePerGas));
    await expect.poll(async () => (await fees()).length, SOON).toBeGreaterThan(2);
    await expect.poll(async () => settled(await fees()), SOON).toBe(true);
    const all = await fees();
    expect(all).toEqual(all.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(all.every((fee) => fee <= maxFeePerGas)).toBe(true);
    expect(settlement.status().state).toBe('waiting_for_transaction');
    await harness.control.setAutomine(true);
    await harness.control.mine({ blocks: 1 });
    await untilActivated(0);
    expect(await harness.transactions()).toBe(CALLS_AN_EPOCH);
  });

  /** The next step would be above the limit. */
  const settled = (fees: readonly bigint[]): boolean => (fees.at(-1) ?? 0n) * 11n > parseGwei('5') * 10n;
});

describe('a reorganisation', () => {
  it('that takes a post or an activation back only delays it', async () => {
    harness.closeEpoch();
    const { control } = harness;
    await control.mine({ blocks: 3 });
    await harness.open('a', { confirmations: 2 });
    await expect.poll(() => harness.isPosted(0), SOON).toBe(true);
    await reorganise(1);
    expect(await harness.isPosted(0)).toBe(false);
    await expect.poll(() => harness.isPosted(0), SOON).toBe(true);
    await control.mine({ blocks: 2 });
    await untilActivated(0);
    await reorganise(1);
    // Blocks go on, as they do: what failed in a block whose time went back as well is final only under others.
    await expect
      .poll(async () => {
        await control.mine({ blocks: 1 });
        return harness.activated();
      }, SOON)
      .toEqual([0]);
    await control.mine({ blocks: 2 });
    await expect.poll(async () => (await harness.journal('a')).open, SOON).toBeUndefined();
    expect(await harness.activated()).toEqual([0]);
  });

  it('deeper than what counted as final starts again from what the chain has', async () => {
    harness.closeEpoch();
    const before = await harness.control.snapshot();
    const settlement = await harness.open('a');
    await untilActivated(0);
    await harness.control.revert({ id: before });
    expect(await harness.activated()).toEqual([]);
    await untilActivated(0);
    await expect.poll(() => settlement.status().state, SOON).toBe('up_to_date');
  });

  async function reorganise(depth: number): Promise<void> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_reorg', params: [depth, []] });
    await fetch(harness.chain.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }
});

describe('endpoints', () => {
  it('that are down: nothing is decided until two answer, and then all is', async () => {
    harness.closeEpoch();
    const proxy = await openProxy();
    proxy.judge = () => 'lose_request';
    const settlement = await harness.open('a', { rpcUrls: [harness.chain.rpcUrl, proxy.url] });
    await expect.poll(() => settlement.status().state, SOON).toBe('no_chain');
    expect(await harness.transactions()).toBe(0);
    proxy.judge = () => 'pass';
    await untilActivated(0);
  });

  it('that lie about the head cannot move the reference block forward', async () => {
    harness.closeEpoch();
    const liar = await openProxy();
    liar.judge = ({ method, params }) => {
      if (method === 'eth_blockNumber') return { change: () => '0xffffff' };
      const isFuture = method === 'eth_getBlockByNumber' && params?.[0] === '0xffffff';
      return isFuture
        ? { change: () => ({ number: '0xffffff', hash: `0x${'66'.repeat(32)}`, transactions: [] }) }
        : 'pass';
    };
    await harness.open('a', { rpcUrls: [liar.url, harness.chain.rpcUrl] });
    await untilActivated(0);
  });

  it('that lie about what a contract says are outvoted by two, and stop everything when it is one against one', async () => {
    harness.closeEpoch();
    const liar = await openProxy();
    liar.judge = ({ method }) =>
      method === 'eth_call' ? { change: () => `0x${'00'.repeat(31)}01`.repeat(1).padEnd(2 + 64 * 5, '0') } : 'pass';
    const doubting = await harness.open('a', { rpcUrls: [liar.url, harness.chain.rpcUrl] });
    await expect.poll(() => doubting.status().state, SOON).toBe('no_chain');
    expect(await harness.transactions()).toBe(0);
    await harness.close(doubting);
    const honest = await openProxy();
    await harness.open('a', { rpcUrls: [liar.url, honest.url, harness.chain.rpcUrl] });
    await untilActivated(0);
  });

  it('of another chain are never asked anything else', async () => {
    harness.closeEpoch();
    const other = await openProxy();
    other.judge = ({ method }) => (method === 'eth_chainId' ? { change: () => '0x1' } : 'pass');
    const settlement = await harness.open('a', { rpcUrls: [other.url] });
    await expect.poll(() => settlement.status().state, SOON).toBe('no_chain');
    expect(await harness.transactions()).toBe(0);
  });
});
