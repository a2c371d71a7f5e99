import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchProof, listClaimableRoots, parseDeployment } from '@sextant/contracts-client';
import { bytesToHex, parseId } from '@sextant/firmware-bridge/protocol';
import type { EpochView, HotspotView } from '@sextant/oracle/api';
import { type Address, createPublicClient, createTestClient, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { ownerKeyOf, VALIDATORS_OWNER } from '../network/demo-owner-key.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { PROGRAMS } from '../network/programs.ts';
import { ClaimCommand } from '../settlement/claim-command.ts';
import type { CityPlan } from '../simulator/city-plan.ts';
import { balanceAt, claimAll, paidLines, type SettledNetwork } from './claiming.ts';
import { dataOf, type KnownKey, keysOf, type OwnersNetwork, TIMEOUT_MS } from './owners-network.ts';

const SOON = { timeout: 120_000, interval: 200 };

const keyOfBytes = (byte: string): Hex => `0x${byte.repeat(32)}`;
const [buyersKey, newcomersKey] = [keyOfBytes('b1'), keyOfBytes('b2')];
const [buyer, newcomer] = [buyersKey, newcomersKey].map((key) => privateKeyToAccount(key).address) as [
  Address,
  Address,
];
const purse = privateKeyToAccount(keyOfBytes('b3')).address;
const walletOf = (eui: string): Hex => `0x${bytesToHex(ownerKeyOf(eui))}`;

/** What all of them need, once the network and its chain are up. */
interface Running extends SettledNetwork {
  readonly commands: ClaimCommand;
  /** Gives an account coins to pay for gas and deposits with. */
  readonly giveCoins: (address: Address) => Promise<void>;
}

async function running(network: OwnersNetwork): Promise<Running> {
  const url = await network.launched.url();
  const rpcUrl = await network.launched.said(/done {4}chain {2}(http:[^ ,]+)/);
  const reader = createPublicClient({ transport: http(rpcUrl), pollingInterval: 100, cacheTime: 0 });
  const deployment = parseDeployment(await readFile(join(dataOf(network), 'chain', 'deployment.json'), 'utf8'));
  const commands = await ClaimCommand.prepare(rpcUrl, deployment, network.folder);
  const coins = createTestClient({ transport: http(rpcUrl), mode: 'anvil' });
  const giveCoins = (address: Address): Promise<void> => coins.setBalance({ address, value: 10n ** 20n });
  return { url, rpcUrl, reader, deployment, commands, giveCoins };
}

const addressOf = (key: Hex): Address => privateKeyToAccount(key).address;

/** As the API shows it; undefined while it shows no such hotspot. */
async function ownerOf(url: string, id: string): Promise<string | undefined> {
  const response = await fetch(new URL(`/api/v1/hotspots/${id}`, url));
  return response.ok ? ((await response.json()) as HotspotView).owner : undefined;
}

/** Owners say on the chain who is paid. `given` is asked when the network has been launched. */
export function registryStory(given: () => OwnersNetwork): void {
  describe('whose owners use its registry', () => {
    it(
      'pays whom they say on its chain',
      async () => {
        const settled = await running(given());
        const { url, reader, deployment, commands, giveCoins } = settled;
        const city = await keysOf(given());
        const { eui, id } = soldOf(given().plan, city);
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
        expect(closed.registry).toMatchObject({
          chainId: 31_337,
          registry: deployment.contracts.hotspots.toLowerCase(),
        });
      },
      TIMEOUT_MS,
    );

    it(
      'lets in a hotspot that nobody invited when its owner has registered it',
      async () => {
        const { url, commands, giveCoins } = await running(given());
        const home = join(given().folder, 'newcomer');
        const bridge = (...args: readonly string[]) =>
          promisify(execFile)(process.execPath, [PROGRAMS.bridge, ...args, '--data', home]);
        const place = ['--region', 'EU868', '--location', '49.2,16.6', '--antenna-height', '12', '--altitude', '240'];
        const gateway = ['--gateway-eui', 'aa555a00000000ff', ...place];
        await bridge('init', '--by-deposit', '--network', url, '--owner', newcomer, ...gateway);
        const file = join(given().folder, 'deployment.json');
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
  });
}

/** The first honest one: it is audited, and so paid from the first epoch on. */
function soldOf({ hotspots }: CityPlan, keys: readonly KnownKey[]): KnownKey {
  const honest = new Set(hotspots.filter(({ cheat }) => cheat === undefined).map((hotspot) => hotspot.eui));
  const found = keys.find((one) => honest.has(one.eui));
  if (!found) throw new Error('nobody is honest');
  return found;
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
