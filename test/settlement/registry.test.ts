import {
  freezeHotspotCall,
  readRequiredDeposit,
  registerHotspotCall,
  setPayoutCall,
  submitCall,
} from '@sextant/contracts-client';
import { bytesToHex, equalBytes, type RegistryEvents, type Timing, unixMs } from '@sextant/firmware-bridge/protocol';
import type { RunningSettlement } from '@sextant/oracle/settlement';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RpcProxy } from './rpc-proxy.ts';
import { type OpenedWith, SettlementHarness } from './settlement-harness.ts';

/** A machine that does other things as well. */
const SOON = { timeout: 30_000, interval: 50 };
const EPOCH_MS = 2_000;
const GRACE_MS = 1_000;

type Reading = Omit<RegistryEvents, 'kind' | 'part' | 'parts'>;
type OwnersLog = NonNullable<OpenedWith['ownersLog']>;

let harness: SettlementHarness;
const proxies: RpcProxy[] = [];

beforeEach(async () => {
  harness = await SettlementHarness.start();
});
afterEach(async () => {
  await harness.stop();
  for (const proxy of proxies.splice(0)) await proxy.close();
});

async function openProxy(): Promise<RpcProxy> {
  const proxy = await RpcProxy.open(harness.chain.rpcUrl);
  proxies.push(proxy);
  return proxy;
}

/** The log of a validator, as far as registry readings go; it outlives the process. */
class ReadingsLog {
  readonly readings: Reading[] = [];
  readonly lines: { readonly msg: string; readonly level: number; readonly epoch?: number }[] = [];
  registry = new Registry();

  with(epochMs = EPOCH_MS): OpenedWith {
    const timing: Timing = {
      genesisMs: unixMs(Math.floor(Date.now() / epochMs) * epochMs),
      slotMs: 100,
      roundMs: epochMs,
      epochMs,
      clockMarginMs: 10,
      epochGraceMs: GRACE_MS,
    };
    const journal: OwnersLog['journal'] = {
      recorded: () => {
        const last = this.readings.at(-1);
        if (!last) return undefined;
        const { chainId, registry, referenceBlock: block, referenceHash: hash } = last;
        return { chainId, registry, block, hash };
      },
      record: async (reading) => void this.readings.push(reading),
    };
    this.registry = new Registry();
    const logger = pino({ level: 'debug' }, { write: (line) => void this.lines.push(JSON.parse(line) as never) });
    return { ownersLog: { journal, timing }, logger, registry: this.registry };
  }

  events(): readonly string[] {
    return this.readings.flatMap(({ events }) => events.map(({ event }) => event));
  }

  /** Blocks without a gap and without a repeat. */
  expectNoGap(): void {
    this.readings.slice(1).forEach((reading, i) => {
      expect(reading.fromBlock).toBe((this.readings[i]?.referenceBlock ?? 0) + 1);
    });
  }

  async epochs(outcome: 'read' | 'kept'): Promise<number> {
    const metric = await this.registry.getSingleMetric('sextant_registry_epochs_total')?.get();
    return metric?.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
  }
}

const open = (log: ReadingsLog, ...rpcUrls: readonly string[]): Promise<RunningSettlement> =>
  harness.open('a', rpcUrls.length > 0 ? { rpcUrls } : {}, log.with());

const key = (byte: string): `0x${string}` => `0x${byte.repeat(32)}`;
async function register(byte: string): Promise<void> {
  const { reader, deployment } = harness;
  const deposit = await readRequiredDeposit(reader, deployment);
  const call = registerHotspotCall(deployment, key(byte), `0x${'51'.repeat(64)}`, deposit);
  await submitCall({ reader, wallet: harness.ownersWallet(3) }, call);
}
const freeze = (byte: string, frozen: boolean) =>
  submitCall(
    { reader: harness.reader, wallet: harness.ownersWallet(3) },
    freezeHotspotCall(harness.deployment, key(byte), frozen),
  );

describe('what owners do on the chain', () => {
  it('is in the log before each cut, once, also after a restart', async () => {
    await register('a1');
    const log = new ReadingsLog();
    const first = await open(log);
    await expect.poll(() => log.events(), SOON).toEqual(['registered']);
    await freeze('a1', true);
    await expect.poll(() => log.events(), SOON).toEqual(['registered', 'frozen']);
    await harness.close(first);
    await register('a2');
    await open(log);
    await expect.poll(() => log.events(), SOON).toEqual(['registered', 'frozen', 'registered']);
    await expect.poll(() => log.epochs('read'), SOON).toBeGreaterThan(0);
    log.expectNoGap();
    expect(log.readings[0]).toMatchObject({ chainId: 31_337, fromBlock: harness.deployment.fromBlock });
    const last = log.readings.at(-1);
    const { hash } = await harness.reader.getBlock({ blockNumber: BigInt(last?.referenceBlock ?? 0) });
    expect(`0x${bytesToHex(last?.referenceHash ?? new Uint8Array())}`).toBe(hash);
  });

  it('is read in pages, and what one reading does not hold comes with the next', async () => {
    await register('a1');
    await harness.control.mine({ blocks: 1_100 });
    await register('a2');
    const proxy = await openProxy();
    const spans: number[] = [];
    proxy.judge = ({ method, params }) => {
      const [asked] = (params ?? []) as readonly { fromBlock?: string; toBlock?: string }[];
      if (method === 'eth_getLogs') spans.push(Number(asked?.toBlock) - Number(asked?.fromBlock) + 1);
      return 'pass';
    };
    const log = new ReadingsLog();
    await harness.open('a', { rpcUrls: [proxy.url], pageBlocks: 20 }, log.with());
    await expect.poll(() => log.events(), SOON).toEqual(['registered', 'registered']);
    expect(log.readings.length).toBeGreaterThan(1);
    log.expectNoGap();
    expect(Math.max(...spans)).toBe(20);
  });
});

describe('a chain that cannot be had', () => {
  it('delays no epoch: it keeps the block before, says so, and the next one catches up', async () => {
    const proxy = await openProxy();
    const log = new ReadingsLog();
    await open(log, proxy.url);
    await expect.poll(() => log.readings.length, SOON).toBeGreaterThan(0);
    proxy.judge = () => 'lose_request';
    await register('a1');
    await expect.poll(() => log.epochs('kept'), SOON).toBeGreaterThan(0);
    expect(log.events()).toEqual([]);
    const said = log.lines.find(({ msg }) => msg.includes('keeps an earlier reference block'));
    expect(said?.level).toBe(40);
    expect(said?.epoch).toBeTypeOf('number');
    proxy.judge = () => 'pass';
    await expect.poll(() => log.events(), SOON).toEqual(['registered']);
    log.expectNoGap();
  });

  it('is asked a second time about everything: endpoints that disagree about events are not believed', async () => {
    const [liar, honest] = [await openProxy(), await openProxy()];
    await register('a1');
    liar.judge = ({ method }) => (method === 'eth_getLogs' ? { change: () => [] } : 'pass');
    const log = new ReadingsLog();
    await open(log, liar.url, honest.url);
    await expect.poll(() => log.epochs('kept'), SOON).toBeGreaterThan(0);
    expect(log.readings).toEqual([]);
    liar.judge = () => 'pass';
    await expect.poll(() => log.events(), SOON).toEqual(['registered']);
  });
});

describe('a reorganisation', () => {
  it('above the final block leaves no trace: only what is final is read', async () => {
    const confirmations = 3;
    const log = new ReadingsLog();
    const snapshot = await harness.control.snapshot();
    await register('a1');
    await harness.open('a', { confirmations }, log.with());
    await expect.poll(() => log.readings.length, SOON).toBeGreaterThan(0);
    expect(log.events()).toEqual([]);
    await harness.control.revert({ id: snapshot });
    await submitCall(
      { reader: harness.reader, wallet: harness.ownersWallet(4) },
      setPayoutCall(harness.deployment, harness.validator),
    );
    await harness.control.mine({ blocks: confirmations });
    await expect.poll(() => log.events(), SOON).toEqual(['payout_changed']);
    log.expectNoGap();
  });

  it('below it enters nothing and is reported: owners stay as they are recorded', async () => {
    const log = new ReadingsLog();
    const snapshot = await harness.control.snapshot();
    await register('a1');
    const before = await open(log);
    await expect.poll(() => log.events(), SOON).toEqual(['registered']);
    await harness.close(before);
    await harness.control.revert({ id: snapshot });
    const readings = [...log.readings];
    const behind = await open(log);
    await expect.poll(() => log.epochs('kept'), SOON).toBeGreaterThan(0);
    await harness.close(behind);
    await register('b2');
    await register('b3');
    await open(log);
    await expect.poll(() => log.lines.some(({ msg }) => msg.includes('another block')), SOON).toBe(true);
    await expect.poll(() => log.epochs('kept'), SOON).toBeGreaterThan(0);
    expect(log.readings).toEqual(readings);
  });

  it('is not confused with another registry than the recorded one', async () => {
    const log = new ReadingsLog();
    const first = await open(log);
    await expect.poll(() => log.readings.length, SOON).toBeGreaterThan(0);
    await harness.close(first);
    const recorded = log.readings.at(-1) as Reading;
    log.readings.push({ ...recorded, registry: new Uint8Array(20).fill(9) });
    await open(log);
    await expect.poll(() => log.lines.some(({ msg }) => msg.includes('deployment file')), SOON).toBe(true);
    expect(log.readings.filter(({ registry }) => !equalBytes(registry, recorded.registry))).toHaveLength(1);
  });
});
