import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDeployment, readHead } from '@sextant/contracts-client';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { type Address, createPublicClient, type Hex, http } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownerOf, VALIDATORS_OWNER } from '../network/demo-owner-key.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { balanceAt, claimAll, paidLines } from './claiming.ts';
import { LaunchedNetwork, stillRunning } from './launched-network.ts';

/** A machine that does other things as well. */
const TIMEOUT_MS = 300_000;

let folder: string;
const started: LaunchedNetwork[] = [];

function launch(...args: readonly string[]): LaunchedNetwork {
  const network = new LaunchedNetwork(join(folder, String(started.length)), args);
  started.push(network);
  return network;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chain-'));
});
afterAll(async () => {
  for (const pid of started.flatMap((network) => network.processes())) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

it(
  'brings what the radio heard to the owners’ accounts, to the unit',
  async () => {
    const network = launch('--hotspots=14', '--cheaters=0', '--cars=2', '--round=5s', '--epoch=20s');
    const data = join(folder, '0');
    const url = await network.url();
    const rpcUrl = await network.said(/done {4}chain {2}(http:[^ ,]+)/);
    await network.said(/(claimed [\d.]+ tokens)/);
    const reader = createPublicClient({ transport: http(rpcUrl), pollingInterval: 100, cacheTime: 0 });
    const deployment = parseDeployment(await readFile(join(data, 'chain', 'deployment.json'), 'utf8'));
    const told = await new OracleApi(url).chain();
    expect(parseDeployment(JSON.stringify({ version: 1, ...told, tokenDecimals: undefined }))).toEqual(deployment);
    const shown = await network.said(/on the map: (http:\S+owner=0x[0-9a-f]{40})/);
    const { earned } = await new OracleApi(url).owner(new URL(shown).searchParams.get('owner') ?? '');
    expect(BigInt(earned)).toBeGreaterThan(0n);
    const owners = await ownersOf(url, data);
    const { epoch, block } = await claimAll({ url, rpcUrl, deployment, reader }, [...owners.keys()]);
    let paid = 0n;
    for (const [owner, ids] of owners) {
      const earned = await earnedBy(url, ids, epoch);
      const balance = await balanceAt(reader, deployment, owner, block);
      expect([owner, balance]).toEqual([owner, earned]);
      paid += balance;
    }
    expect(paid).toBeGreaterThan(0n);
    const { total } = await readHead(reader, deployment, block);
    expect(paid).toBe(total);

    const processes = network.processes();
    expect(await network.end('SIGINT')).toMatchObject({ code: 0 });
    expect(stillRunning(processes)).toEqual([]);
  },
  TIMEOUT_MS,
);

it(
  'goes on without a chain that cannot be had, and says so',
  async () => {
    const network = launch('--no-simulator', '--chain=http://127.0.0.1:9', `--deployment=${join(folder, 'none.json')}`);
    const url = await network.url();
    await network.said(/(chain .*Everything else goes on without it)/);
    expect(await new OracleApi(url).network()).toMatchObject({ hotspots: 0 });
    expect(await network.end('SIGINT')).toMatchObject({ code: 0 });
  },
  TIMEOUT_MS,
);

/** Every owner and what is his: hotspots and cars of the bridges, and the validator. */
async function ownersOf(url: string, data: string): Promise<ReadonlyMap<Address, readonly string[]>> {
  const owners = new Map<Address, string[]>();
  const add = (eui: string, id: string): void => {
    const owner: Hex = `0x${bytesToHex(ownerOf(eui))}`;
    owners.set(owner, [...(owners.get(owner) ?? []), id]);
  };
  for (const bridge of ['bridge-1', 'bridge-2']) {
    const known = JSON.parse(await readFile(join(data, bridge, 'participants.json'), 'utf8')) as KnownKey[];
    for (const { eui, id } of known) add(eui, id);
  }
  const { validators } = await new OracleApi(url).network();
  for (const { id } of validators) add(VALIDATORS_OWNER, id);
  return owners;
}

interface KnownKey {
  readonly eui: string;
  readonly id: string;
}

/** Sum of the reward lines that the API shows for these keys, up to and with `epoch`. */
async function earnedBy(url: string, ids: readonly string[], epoch: number): Promise<bigint> {
  let sum = 0n;
  for (const id of ids) {
    for (const { amount } of await paidLines(url, id, epoch)) sum += BigInt(amount);
  }
  return sum;
}
