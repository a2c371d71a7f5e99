import { registrationMessage } from '@sextant/contracts-client/encoding';
import type { RegistryEvent } from '@sextant/firmware-bridge/protocol';
import { seededBytes } from './seeded.ts';
import { type Event, epochEndMs, recorded } from './timeline.ts';
import type { Member, World } from './world.ts';

/** A registry that a world's validators read. */
export const WORLD_CHAIN = { chainId: 31_337, registry: seededBytes('registry').slice(0, 20) } as const;

type EventBody = RegistryEvent extends infer E
  ? E extends RegistryEvent
    ? Omit<E, 'block' | 'logIndex'>
    : never
  : never;

/** A registration with the hotspot's proof that it agrees; `signer` makes a bad one of it. */
export function registered({ key, signer }: Pick<Member, 'key' | 'signer'>, owner: Uint8Array, by = signer): EventBody {
  const possession = by.sign(registrationMessage({ ...WORLD_CHAIN, hotspotKey: key, owner }));
  return { event: 'registered', key, owner, possession };
}

export const transferred = ({ key }: Pick<Member, 'key'>, from: Uint8Array, to: Uint8Array): EventBody => ({
  event: 'transferred',
  key,
  from,
  to,
});
export const frozen = ({ key }: Pick<Member, 'key'>, owner: Uint8Array, isFrozen = true): EventBody => ({
  event: 'frozen',
  key,
  owner,
  frozen: isFrozen,
});
export const released = ({ key }: Pick<Member, 'key'>, owner: Uint8Array): EventBody => ({
  event: 'released',
  key,
  owner,
});
export const paysTo = (owner: Uint8Array, payout: Uint8Array): EventBody => ({
  event: 'payout_changed',
  owner,
  payout,
});

const BLOCKS_AN_EPOCH = 100;

const placed = (body: EventBody, epoch: number, at: number): RegistryEvent => ({
  block: epoch * BLOCKS_AN_EPOCH + 1 + at,
  logIndex: at % 3,
  ...body,
});

export interface ReadingOptions {
  /** Blocks before the usual first one that are read again. */
  readonly overlap?: number;
  /** What the epochs before said, for an overlap. */
  readonly earlier?: readonly (readonly EventBody[])[];
  readonly parts?: number;
  readonly chain?: { readonly chainId: number; readonly registry: Uint8Array };
}

/** What a validator records of an epoch's hundred blocks shortly before its mark: each event in a block of its own. */
export function readingOf(
  world: World,
  epoch: number,
  bodies: readonly EventBody[],
  { overlap = 0, earlier = [], parts = 1, chain = WORLD_CHAIN }: ReadingOptions = {},
): Event[] {
  const first = epoch * BLOCKS_AN_EPOCH + 1;
  const referenceBlock = first + BLOCKS_AN_EPOCH - 1;
  const fromBlock = Math.max(0, first - overlap);
  const events = [...earlier, bodies]
    .flatMap((all, i) => all.map((body, at) => placed(body, epoch - earlier.length + i, at)))
    .filter(({ block }) => block >= fromBlock);
  return Array.from({ length: parts }, (_, part) =>
    recorded(epochEndMs(world, epoch) + 4_000, {
      kind: 'registry_events',
      ...chain,
      fromBlock,
      referenceBlock,
      referenceHash: seededBytes('block', referenceBlock),
      part,
      parts,
      events: events.filter((__, i) => Math.floor((i * parts) / Math.max(1, events.length)) === part),
    }),
  );
}

/** Something of everything that happens in a registry, over four epochs; of at least four hotspots. */
export function registryLife(world: World): Event[] {
  const [first, second, third, fourth] = world.hotspots as readonly [Member, Member, Member, Member];
  const [buyer, purse] = [seededBytes('buyer').slice(0, 20), seededBytes('purse').slice(0, 20)];
  const chain = [
    [registered(first, first.owner), registered(second, second.owner), registered(third, buyer)],
    [transferred(first, first.owner, buyer), frozen(second, second.owner), paysTo(fourth.owner, purse)],
    [frozen(second, second.owner, false), registered(first, purse), registered(fourth, fourth.owner, first.signer)],
    [released(first, buyer), paysTo(fourth.owner, new Uint8Array(20))],
  ];
  return chain.flatMap((bodies, epoch) => readingOf(world, epoch, bodies));
}
