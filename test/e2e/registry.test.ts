import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchProof, listClaimableRoots, parseDeployment } from '@sextant/contracts-client';
import { bytesToHex, parseId } from '@sextant/firmware-bridge/protocol';
import type { EpochView, HotspotView } from '@sextant/oracle/api';
import { type Address, createPublicClient, createTestClient, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownerKeyOf, VALIDATORS_OWNER } from '../network/demo-owner-key.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { PROGRAMS } from '../network/programs.ts';
import { ClaimCommand } from '../settlement/claim-command.ts';
import { balanceAt, claimAll, paidLines, type SettledNetwork } from './claiming.ts';
import { LaunchedNetwork } from './launched-network.ts';

/** A machine that does other things as well. */
const TIMEOUT_MS = 300_000;
const SOON = { timeout: 120_000, interval: 200 };

const keyOfBytes = (byte: string): Hex => `0x${byte.repeat(32)}`;
const [buyersKey, newcomersKey] = [keyOfBytes('b1'), keyOfBytes('b2')];
const [buyer, newcomer] = [buyersKey, newcomersKey].map((key) => privateKeyToAccount(key).address) as [
  Address,
  Address,
];
const purse = privateKeyToAccount(keyOfBytes('b3')).address;
const walletOf = (eui: string): Hex => `0x${bytesToHex(ownerKeyOf(eui))}`;

let folder: string;
let network: LaunchedNetwork;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const city = ['--rule-set=2', '--hotspots=8', '--cheaters=0', '--cars=1', '--round=5s', '--epoch=10s'];
  network = new LaunchedNetwork(join(folder, 'city'), city);
});
afterAll(async () => {
  for (const pid of network.processes()) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

interface KnownKey {
  readonly eui: string;
  readonly id: string;
}

async function keysOf(data: string): Promise<readonly KnownKey[]> {
  const files = ['bridge-1', 'bridge-2'].map((bridge) => readFile(join(data, bridge, 'participants.json'), 'utf8'));
  return (await Promise.all(files)).flatMap((text) => JSON.parse(text) as KnownKey[]);
}

/** What all of them need, once the network and its chain are up. */
interface Running extends SettledNetwork {
  readonly commands: ClaimCommand;
  /** Gives an account coins to pay for gas and deposits with. */
  readonly giveCoins: (address: Address) => Promise<void>;
}

async function running(): Promise<Running> {
  const url = await network.url();
  const rpcUrl = await network.said(/done {4}chain {2}(http:[^ ,]+)/);
  const reader = createPublicClient({ transport: http(rpcUrl), pollingInterval: 100, cacheTime: 0 });
  const deployment = parseDeployment(await readFile(join(data(), 'chain', 'deployment.json'), 'utf8'));
  const commands = await ClaimCommand.prepare(rpcUrl, deployment, folder);
  const coins = createTestClient({ transport: http(rpcUrl), mode: 'anvil' });
  const giveCoins = (address: Address): Promise<void> => coins.setBalance({ address, value: 10n ** 20n });
  return { url, rpcUrl, reader, deployment, commands, giveCoins };
}

const data = (): string => join(folder, 'city');
const addressOf = (key: Hex): Address => privateKeyToAccount(key).address;

/** As the API shows it; undefined while it shows no such hotspot. */
async function ownerOf(url: string, id: string): Promise<string | undefined> {
  const response = await fetch(new URL(`/api/v1/hotspots/${id}`, url));
  return response.ok ? ((await response.json()) as HotspotView).owner : undefined;
}

it(
  'lets owners of a running network say on its chain who is paid',
  async () => {
    const settled = await running();
    const { url, reader, deployment, commands, giveCoins } = settled;
    const city = await keysOf(data());
    const { eui, id } = city.find((one) => one.id.startsWith('hs1')) as KnownKey;
    const [sellersKey, validatorsKey] = [walletOf(eui), walletOf(VALIDATORS_OWNER)];
    const [seller, validatorsOwner] = [addressOf(sellersKey), addressOf(validatorsKey)];
    for (const address of [seller, buyer, validatorsOwner]) await giveCoins(address);
    const key = bytesToHex(parseId(id)?.publicKey ?? new Uint8Array());

    await commands.run(sellersKey, 'transfer', key, '--to', buyer);
    await commands.run(buyersKey, 'transfer', key, '--from', seller);
    await expect.poll(() => hasClaim(settled, validatorsOwner), SOON).toBe(true);
    await commands.run(validatorsKey, 'payout', purse);
    await expect.poll(() => ownerOf(url, id), SOON).toBe(buyer.toLowerCase());
    for (const payee of [purse, buyer]) await expect.poll(() => hasClaim(settled, payee), SOON).toBe(true);

    const owners = [purse, buyer, validatorsOwner];
    const { epoch, block } = await claimAll(settled, owners);
    const { validators } = await new OracleApi(url).network();
    const earned = await earnedBy(
      url,
      [...city, ...validators].map((one) => one.id),
      epoch,
    );
    for (const owner of owners) {
      const balance = await balanceAt(reader, deployment, owner, block);
      expect([owner, balance]).toEqual([owner, earned.get(owner.toLowerCase()) ?? 0n]);
    }
    for (const owner of owners) expect(await balanceAt(reader, deployment, owner, block)).toBeGreaterThan(0n);
    const closed = (await (await fetch(new URL(`/api/v1/epochs/${epoch}`, url))).json()) as EpochView;
    expect(closed.registry).toMatchObject({ chainId: 31_337, registry: deployment.contracts.hotspots.toLowerCase() });
  },
  TIMEOUT_MS,
);

it(
  'lets in a hotspot that nobody invited when its owner has registered it',
  async () => {
    const { url, commands, giveCoins } = await running();
    const home = join(folder, 'newcomer');
    const bridge = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [PROGRAMS.bridge, ...args, '--data', home]);
    const place = ['--region', 'EU868', '--location', '49.2,16.6', '--antenna-height', '12', '--altitude', '240'];
    const gateway = ['--gateway-eui', 'aa555a00000000ff', ...place];
    await bridge('init', '--by-deposit', '--network', url, '--owner', newcomer, ...gateway);
    const file = join(folder, 'deployment.json');
    const agreed = await bridge('agree', '--owner', newcomer, '--deployment', file, '--json');
    const { id, key, possession } = JSON.parse(agreed.stdout) as Record<'id' | 'key' | 'possession', string>;
    const serving = spawn(process.execPath, [PROGRAMS.bridge, 'run', '--data', home, '--semtech-udp-port', '0']);
    try {
      await giveCoins(newcomer);
      await commands.run(newcomersKey, 'register', key, '--possession', possession);
      await expect.poll(() => ownerOf(url, id), SOON).toBe(newcomer.toLowerCase());
    } finally {
      serving.kill('SIGTERM');
      await once(serving, 'exit');
    }
  },
  TIMEOUT_MS,
);

it(
  'comes to the same from the log alone, when the chain is gone',
  async () => {
    expect(await network.end('SIGINT')).toMatchObject({ code: 0 });
    const command = ['rebuild', '--json', '--data', join(data(), 'oracle')];
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAMS.oracle, ...command]);
    const { epochs, differing } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Rebuilt;
    expect(differing).toEqual([]);
    expect(epochs).toBeGreaterThan(2);
  },
  TIMEOUT_MS,
);

interface Rebuilt {
  readonly epochs: number;
  readonly differing: readonly unknown[];
}

async function hasClaim({ url, reader, deployment }: SettledNetwork, owner: Address): Promise<boolean> {
  const [root] = await listClaimableRoots(reader, deployment);
  return root !== undefined && (await fetchProof([url], root, owner, fetch)).kind === 'proof';
}

/** What the API's reward lines say was added to each address, up to and with `last`. */
async function earnedBy(url: string, ids: readonly string[], last: number): Promise<ReadonlyMap<string, bigint>> {
  const earned = new Map<string, bigint>();
  for (const id of ids) {
    for (const { paidTo, amount } of await paidLines(url, id, last)) {
      if (paidTo !== undefined) earned.set(paidTo, (earned.get(paidTo) ?? 0n) + BigInt(amount));
    }
  }
  return earned;
}
