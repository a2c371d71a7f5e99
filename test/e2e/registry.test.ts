import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchProof, listClaimableRoots, parseDeployment } from '@sextant/contracts-client';
import { bytesToHex, parseId } from '@sextant/firmware-bridge/protocol';
import type { EpochView, HotspotRewardView, HotspotView, Page } from '@sextant/oracle/api';
import { type Address, createPublicClient, createTestClient, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownerKeyOf, VALIDATORS_OWNER } from '../network/demo-owner-key.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { PROGRAMS } from '../network/programs.ts';
import { ClaimCommand } from '../settlement/claim-command.ts';
import { balanceAt, claimAll, type SettledNetwork, validatorLines } from './claiming.ts';
import { LaunchedNetwork } from './launched-network.ts';

/** A machine that does other things as well. */
const TIMEOUT_MS = 300_000;
const SOON = { timeout: 120_000, interval: 200 };

const [buyersKey, pursesKey] = [`0x${'b1'.repeat(32)}`, `0x${'b2'.repeat(32)}`] as const satisfies Hex[];
const [buyer, purse] = [privateKeyToAccount(buyersKey).address, privateKeyToAccount(pursesKey).address];
const walletOf = (eui: string): Hex => `0x${bytesToHex(ownerKeyOf(eui))}`;

let folder: string;
let network: LaunchedNetwork;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const city = ['--rule-set=2', '--hotspots=8', '--cheaters=0', '--cars=1', '--round=5s', '--epoch=20s'];
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

it(
  'lets owners of a running network say on its chain who is paid',
  async () => {
    const data = join(folder, 'city');
    const url = await network.url();
    const rpcUrl = await network.said(/done {4}chain {2}(http:[^ ,]+)/);
    const reader = createPublicClient({ transport: http(rpcUrl), pollingInterval: 100, cacheTime: 0 });
    const deployment = parseDeployment(await readFile(join(data, 'chain', 'deployment.json'), 'utf8'));
    const commands = await ClaimCommand.prepare(rpcUrl, deployment, folder);
    const coins = createTestClient({ transport: http(rpcUrl), mode: 'anvil' });
    const [seller, validatorsOwner] = await Promise.all(
      [(await keysOf(data)).find(({ id }) => id.startsWith('hs1'))?.eui ?? '', VALIDATORS_OWNER].map(async (eui) => {
        const { address } = privateKeyToAccount(walletOf(eui));
        await coins.setBalance({ address, value: 10n ** 20n });
        return { eui, address };
      }),
    );
    if (!seller || !validatorsOwner) throw new Error('a city has owners');
    await coins.setBalance({ address: buyer, value: 10n ** 20n });
    const id = (await keysOf(data)).find(({ eui }) => eui === seller.eui)?.id ?? '';
    const key = bytesToHex(parseId(id)?.publicKey ?? new Uint8Array());

    await commands.run(walletOf(seller.eui), 'transfer', key, '--to', buyer);
    await commands.run(buyersKey, 'transfer', key, '--from', seller.address);
    const settled = { url, rpcUrl, deployment, reader };
    await expect.poll(() => hasClaim(settled, validatorsOwner.address), SOON).toBe(true);
    await commands.run(walletOf(VALIDATORS_OWNER), 'payout', purse);
    const api = new OracleApi(url);
    const ownerNow = async (): Promise<string> => {
      const response = await fetch(new URL(`/api/v1/hotspots/${id}`, url));
      return ((await response.json()) as HotspotView).owner;
    };
    await expect.poll(ownerNow, SOON).toBe(buyer.toLowerCase());
    const { validators } = await api.network();
    const ids = [...(await keysOf(data)).map((known) => known.id), ...validators.map((validator) => validator.id)];
    await expect.poll(() => hasClaim(settled, purse), SOON).toBe(true);

    const owners = [purse, buyer, validatorsOwner.address];
    const { epoch, block } = await claimAll(settled, owners);
    const earned = await earnedBy(url, ids, epoch);
    const closed = (await (await fetch(new URL(`/api/v1/epochs/${epoch}`, url))).json()) as EpochView;
    expect(closed.registry).toMatchObject({ chainId: 31_337, registry: deployment.contracts.hotspots.toLowerCase() });
    for (const owner of owners) {
      const balance = await balanceAt(reader, deployment, owner, block);
      expect([owner, balance]).toEqual([owner, earned.get(owner.toLowerCase()) ?? 0n]);
    }
    expect(await balanceAt(reader, deployment, purse, block)).toBeGreaterThan(0n);
    expect(await balanceAt(reader, deployment, validatorsOwner.address, block)).toBeGreaterThan(0n);

    expect(await network.end('SIGINT')).toMatchObject({ code: 0 });
    const rebuilt = await promisify(execFile)(process.execPath, [
      PROGRAMS.oracle,
      'rebuild',
      '--json',
      '--data',
      join(data, 'oracle'),
    ]);
    const { epochs, differing } = JSON.parse(rebuilt.stdout.trim().split('\n').at(-1) ?? '{}') as Rebuilt;
    expect(differing).toEqual([]);
    expect(epochs).toBeGreaterThan(epoch);
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
  const add = (address: string | undefined, amount: string): void => {
    if (address !== undefined) earned.set(address, (earned.get(address) ?? 0n) + BigInt(amount));
  };
  for (const id of ids.filter((each) => !each.startsWith('val1'))) {
    const response = await fetch(new URL(`/api/v1/hotspots/${id}/rewards?limit=200`, url));
    const { items } = (await response.json()) as Page<HotspotRewardView>;
    for (const { lines, released } of items.filter((one) => one.epoch <= last)) {
      for (const { paidTo, amount } of [...lines, ...(released ? [released] : [])]) add(paidTo, amount);
    }
  }
  for (const id of ids.filter((each) => each.startsWith('val1'))) {
    for (const { paidTo, amount } of await validatorLines(url, id, last)) add(paidTo, amount);
  }
  return earned;
}
