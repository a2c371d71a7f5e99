import { createOwnerTree, type OwnerLeaf } from '@sextant/contracts-client/encoding';
import type { SettlementFixture } from '@sextant/contracts-client/testing';
import { bytesToHex, hexToBytes } from '@sextant/firmware-bridge/protocol';
import type { ChainView, OwnerProofView, OwnerRewardView, OwnerView, Page, RewardClass } from '@sextant/oracle/api';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { FixtureHotspot } from './fixture-world.ts';

const TOKEN = 10n ** 18n;
/** Epochs 0 and 1 can be claimed, 2 is posted, 3 is only closed. */
export const LAST_CLAIMABLE = 1;
const POSTED = 2;
export const LAST_CLOSED = 3;
/** Held before, and paid in epoch 1: in nobody's lines. */
const RELEASED = 5n * TOKEN;

interface Line {
  readonly hotspot: FixtureHotspot;
  readonly rewardClass: RewardClass;
  readonly amount: bigint;
  readonly count: number;
}

/** Each owner has two hotspots; an epoch pays the first for beacons and witnessing, the second for witnessing. */
const linesOf = (hotspots: readonly FixtureHotspot[], epoch: number): Line[] => {
  const [first, second] = hotspots as [FixtureHotspot, FixtureHotspot];
  const times = BigInt(epoch + 1) * TOKEN;
  return [
    { hotspot: first, rewardClass: 'beaconer', amount: 3n * times, count: 5 },
    { hotspot: first, rewardClass: 'witness', amount: 7n * times, count: 61 },
    { hotspot: second, rewardClass: 'witness', amount: 10n * times, count: 80 },
  ];
};

/** Owners with rewards: what an API says of them, and the trees their proofs are from. */
export class FixtureOwners {
  readonly #hotspots: ReadonlyMap<string, readonly FixtureHotspot[]>;
  /** Added to what its proofs say. */
  lie = 0n;
  /** Answers nothing about proofs. */
  isDown = false;
  chain: ChainView | undefined;

  /** Addresses in lower case. */
  constructor(addresses: readonly string[], hotspots: readonly FixtureHotspot[]) {
    this.#hotspots = new Map(addresses.map((address, i) => [address, hotspots.slice(2 * i, 2 * i + 2)]));
  }

  hotspots(address: string): readonly FixtureHotspot[] {
    return this.#hotspots.get(address) ?? [];
  }

  /** Base units since genesis. */
  earned(address: string, epoch: number): bigint {
    if (!this.#hotspots.has(address)) return 0n;
    const lines = Array.from({ length: epoch + 1 }, (_, each) => linesOf(this.hotspots(address), each)).flat();
    return lines.reduce((sum, { amount }) => sum + amount, epoch >= 1 ? RELEASED : 0n);
  }

  leaves(epoch: number): OwnerLeaf[] {
    return [...this.#hotspots.keys()].map((address) => ({
      owner: hexToBytes(address.slice(2)),
      cumulative: this.earned(address, epoch),
    }));
  }

  owner(address: string, claimed: bigint): OwnerView {
    const earned = this.earned(address, LAST_CLOSED);
    const epochs = Array.from({ length: LAST_CLOSED + 1 }, (_, epoch) => epoch);
    const fromEpoch = epochs.find((epoch) => this.earned(address, epoch) > claimed);
    return {
      owner: address,
      participants: this.hotspots(address).length,
      epoch: LAST_CLOSED,
      earned: String(earned),
      unclaimed: String(earned > claimed ? earned - claimed : 0n),
      ...(fromEpoch === undefined ? {} : { fromEpoch }),
    };
  }

  /** One a page, so that there are more. */
  rewards(address: string, from: number, to: number, after: string | undefined): Page<OwnerRewardView> {
    const mine = this.hotspots(address);
    const index = mine.findIndex(({ id }) => id === after) + 1;
    const hotspot = mine[index];
    if (hotspot === undefined) return { items: [] };
    const epochs = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const lines = epochs.flatMap((epoch) => linesOf(mine, epoch)).filter((line) => line.hotspot === hotspot);
    const classes = [...new Set(lines.map(({ rewardClass }) => rewardClass))];
    const sum = (of: readonly Line[]): string => String(of.reduce((total, { amount }) => total + amount, 0n));
    const item: OwnerRewardView = {
      id: hotspot.id,
      name: hotspot.name,
      kind: 'hotspot',
      paid: sum(lines),
      held: '0',
      lines: classes.map((rewardClass) => {
        const some = lines.filter((line) => line.rewardClass === rewardClass);
        const count = some.reduce((total, line) => total + line.count, 0);
        return { rewardClass, amount: sum(some), held: false, epochs: some.length, count };
      }),
    };
    return { items: [item], ...(index + 1 < mine.length ? { next: hotspot.id } : {}) };
  }

  proof(address: string, epoch: number, lie = this.lie): OwnerProofView | undefined {
    const tree = createOwnerTree(this.leaves(epoch));
    const path = tree.findProof(hexToBytes(address.slice(2)));
    if (path === undefined || epoch > LAST_CLOSED) return undefined;
    return {
      epoch,
      summaryHash: '00'.repeat(32),
      owner: address,
      cumulative: String(this.earned(address, epoch) + lie),
      rootHash: bytesToHex(tree.root),
      path: path.map(bytesToHex),
    };
  }

  /** Settles what can be claimed on the chain, posts one more epoch, and says where that is. */
  async settleOn(settlement: SettlementFixture): Promise<void> {
    for (let epoch = 0; epoch <= LAST_CLAIMABLE; epoch++) await settlement.settle({ leaves: this.leaves(epoch) });
    await settlement.post(settlement.plan({ leaves: this.leaves(POSTED) }).statement);
    const { chainId, fromBlock, contracts } = settlement.deployment;
    const lower = Object.entries(contracts).map(([name, address]) => [name, address.toLowerCase()]);
    this.chain = {
      chainId,
      fromBlock,
      tokenDecimals: 18,
      contracts: Object.fromEntries(lower) as ChainView['contracts'],
    };
  }
}

/** The routes of an oracle that pages ask about owners. */
export function addOwnerRoutes(server: FastifyInstance, owners: FixtureOwners): void {
  const none = (reply: FastifyReply, code: string): FastifyReply =>
    reply.code(404).send({ status: 404, title: 'Not found', detail: 'Not here', code });
  server.get('/api/v1/chain', (_, reply) => owners.chain ?? none(reply, 'no_chain'));
  server.get<{ Params: { address: string }; Querystring: { claimed: string } }>(
    '/api/v1/owners/:address',
    ({ params, query }) => owners.owner(params.address, BigInt(query.claimed)),
  );
  server.get<{ Params: { address: string }; Querystring: { from: string; to: string; after?: string } }>(
    '/api/v1/owners/:address/rewards',
    async ({ params, query }, reply) => {
      // As an oracle does: what it does not know is refused, so that nothing is asked in vain.
      const unknown = Object.keys(query).filter((name) => !['from', 'to', 'after'].includes(name));
      if (unknown.length > 0) return reply.code(400).send({ status: 400, title: 'Bad', detail: unknown.join() });
      return owners.rewards(params.address, Number(query.from), Number(query.to), query.after);
    },
  );
  server.get<{ Params: { epoch: string; address: string } }>(
    '/api/v1/epochs/:epoch/owners/:address',
    async ({ params }, reply) => {
      if (owners.isDown) return reply.code(503).send({ status: 503, title: 'Away', detail: 'Away', code: 'stopping' });
      return owners.proof(params.address, Number(params.epoch)) ?? none(reply, 'not_in_epoch');
    },
  );
}
