import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimManyCall, listClaimableRoots, type OwnerProof, submitCall } from '@sextant/contracts-client';
import { createOwnerTree, registrationMessage } from '@sextant/contracts-client/encoding';
import { bytesToHex, hexToBytes, type RegistryEvents, unixMs } from '@sextant/firmware-bridge/protocol';
import { type Address, erc20Abi, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { paidTo, type Result } from '../support/world/outcome-of.ts';
import { seededBytes } from '../support/world/seeded.ts';
import { type Event, epochEndMs, honestLife, recorded } from '../support/world/timeline.ts';
import { createWorld, type Member } from '../support/world/world.ts';
import { ClaimCommand } from './claim-command.ts';
import { SettlementHarness } from './settlement-harness.ts';

/** A machine that does other things as well. */
const SOON = { timeout: 60_000, interval: 50 };
const LAST_EPOCH = 6;

type Reading = Omit<RegistryEvents, 'kind' | 'part' | 'parts'>;

const wallet = (name: string): Hex => `0x${bytesToHex(seededBytes(name))}`;
const [sellersKey, buyersKey] = [wallet('seller'), wallet('buyer')];
const [seller, buyer] = [privateKeyToAccount(sellersKey).address, privateKeyToAccount(buyersKey).address];
const purse: Address = privateKeyToAccount(wallet('purse')).address;
const bytesOf = (hex: string): Uint8Array => hexToBytes(hex.slice(2).toLowerCase());

/** Six hotspots that are paid each epoch; the first one is the seller's. */
const plain = createWorld({ seed: 4_006, hotspots: 6, radiusKm: 4, ruleSet: 2, anchors: 6, shadowDb: 7 });
const sold: Member = { ...(plain.hotspots[0] as Member), owner: bytesOf(seller) };
const world = { ...plain, hotspots: [sold, ...plain.hotspots.slice(1)], anchors: [sold, ...plain.anchors.slice(1)] };
const life = honestLife(world, LAST_EPOCH);
const KEY = bytesToHex(sold.key);

let harness: SettlementHarness;
let commands: ClaimCommand;
let folder: string;
const readings: Reading[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-pays-'));
  harness = await SettlementHarness.start();
  commands = await ClaimCommand.prepare(harness.chain.rpcUrl, harness.deployment, folder);
  for (const address of [seller, buyer]) await harness.control.setBalance({ address, value: 10n ** 20n });
});
afterAll(async () => {
  await harness.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The log of the epochs so far: what the radios say, and what the oracle has recorded of the chain in each. */
function judged(epoch: number): readonly Result[] {
  const records = readings.map((reading, i): Event => {
    const record = { ...reading, kind: 'registry_events', part: 0, parts: 1 } as const;
    return recorded(epochEndMs(world, i) + 4_000, record);
  });
  return live(world, [...life, ...records], epoch);
}

/** An oracle comes up, reads the chain, settles the epoch, and goes: each epoch is another process. */
async function closeEpoch(epoch: number): Promise<Result> {
  const head = await harness.reader.getBlockNumber({ cacheTime: 0 });
  const before = readings.length;
  const journal = {
    recorded: () => {
      const last = readings.at(-1);
      if (!last) return undefined;
      return { ...last, block: last.referenceBlock, hash: last.referenceHash };
    },
    record: async (reading: Reading) => void readings.push(reading),
  };
  const timing = { ...world.timing, genesisMs: unixMs(Date.now()), epochMs: 3_600_000 };
  const oracle = await harness.open('oracle', {}, { ownersLog: { journal, timing } });
  await expect.poll(() => readings.at(-1)?.referenceBlock ?? 0, SOON).toBeGreaterThanOrEqual(Number(head));
  expect(readings.length).toBe(before + 1);
  const result = judged(epoch)[epoch] as Result;
  harness.archive(
    result.summaryJson,
    result.owners.map(({ owner, cumulative }) => ({ owner, cumulative })),
  );
  oracle.epochClosed();
  await expect.poll(() => harness.activated(), SOON).toContain(epoch);
  await harness.close(oracle);
  return result;
}

it('pays whom the commands of owners name, in the next epoch that is cut, to the unit', async () => {
  const { chainId, contracts } = harness.deployment;
  const registration = { chainId, registry: bytesOf(contracts.hotspots), hotspotKey: sold.key, owner: sold.owner };
  const possession = bytesToHex(sold.signer.sign(registrationMessage(registration)));
  const steps: readonly (() => Promise<void>)[] = [
    async () => void (await commands.run(sellersKey, 'register', KEY, '--possession', possession)),
    async () => undefined,
    async () => {
      await commands.run(sellersKey, 'transfer', KEY, '--to', buyer);
      await commands.run(buyersKey, 'transfer', KEY, '--from', seller);
    },
    async () => void (await commands.run(buyersKey, 'payout', purse)),
    async () => void (await commands.run(buyersKey, 'freeze', KEY)),
    async () => void (await commands.run(buyersKey, 'freeze', KEY, '--undo')),
    async () => {
      await commands.run(buyersKey, 'payout', '0x0000000000000000000000000000000000000000');
      await commands.run(buyersKey, 'transfer', KEY, '--to', seller);
    },
  ];
  const paid: (Address | undefined)[] = [undefined, seller, buyer, purse, undefined, purse, buyer];
  const expected = new Map<Address, bigint>([seller, buyer, purse].map((address) => [address, 0n]));
  let last: Result | undefined;
  for (const [epoch, step] of steps.entries()) {
    await step();
    last = await closeEpoch(epoch);
    const earned = paidTo(last, sold);
    const payee = paid[epoch];
    expect([epoch, earned > 0n]).toEqual([epoch, payee !== undefined]);
    if (payee) expected.set(payee, (expected.get(payee) ?? 0n) + earned);
  }

  const [root] = await listClaimableRoots(harness.reader, harness.deployment);
  expect(root?.epoch).toBe(LAST_EPOCH);
  const tree = createOwnerTree(last?.owners ?? []);
  const proofs = [...expected].map(([owner, cumulative]): OwnerProof => {
    return { epoch: LAST_EPOCH, owner, cumulative, path: tree.findProof(bytesOf(owner)) ?? [] };
  });
  await submitCall(
    { reader: harness.reader, wallet: harness.ownersWallet(4) },
    claimManyCall(harness.deployment, proofs),
  );
  for (const [owner, amount] of expected) {
    const balance = await harness.reader.readContract({
      address: contracts.token,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [owner],
    });
    expect([owner, balance]).toEqual([owner, amount]);
    expect(amount).toBeGreaterThan(0n);
  }
});
