import type { MessageInitShape } from '@bufbuild/protobuf';
import { FieldError } from './decode-failure.ts';
import { bytesOf, integerWithin, ordinalOf, safeInteger } from './fields.ts';
import type {
  RegistryEventSchema,
  RegistryEventsSchema,
  RegistryEvent as WireEvent,
  RegistryEvents as WireEvents,
} from './generated/sextant/v1/record_pb.ts';
import { REGISTRY_EVENTS_MAX, REGISTRY_PARTS_MAX, type RegistryEvent, type RegistryEvents } from './registry-events.ts';

const MAX_LOG_INDEX = 0xffff_ffff;

const keyOf = (value: Uint8Array, field: string): Uint8Array => bytesOf(value, 32, `registry_events.events.${field}`);
const addressOf = (value: Uint8Array, field: string): Uint8Array =>
  bytesOf(value, 20, `registry_events.events.${field}`);

/** Every field checked; events are between the two blocks and in the order of the chain. Throws FieldError. */
export function registryEventsFromWire(wire: WireEvents): RegistryEvents {
  const fromBlock = ordinalOf(wire.fromBlock, 'registry_events.from_block');
  const referenceBlock = ordinalOf(wire.referenceBlock, 'registry_events.reference_block');
  if (referenceBlock < fromBlock) throw new FieldError('out_of_range', 'registry_events.reference_block');
  const parts = integerWithin(wire.parts, 1, REGISTRY_PARTS_MAX, 'registry_events.parts');
  if (wire.events.length > REGISTRY_EVENTS_MAX) throw new FieldError('wrong_count', 'registry_events.events');
  const events = wire.events.map(eventFromWire);
  events.forEach(({ block, logIndex }, i) => {
    if (block < fromBlock || block > referenceBlock) throw new FieldError('out_of_range', 'registry_events.block');
    const before = events[i - 1];
    if (before && (before.block > block || (before.block === block && before.logIndex >= logIndex))) {
      throw new FieldError('not_sorted', 'registry_events.events');
    }
  });
  return {
    kind: 'registry_events',
    chainId: integerWithin(
      safeInteger(wire.chainId, 'registry_events.chain_id'),
      1,
      Number.MAX_SAFE_INTEGER,
      'registry_events.chain_id',
    ),
    registry: bytesOf(wire.registry, 20, 'registry_events.registry'),
    fromBlock,
    referenceBlock,
    referenceHash: bytesOf(wire.referenceHash, 32, 'registry_events.reference_hash'),
    part: integerWithin(wire.part, 0, parts - 1, 'registry_events.part'),
    parts,
    events,
  };
}

function eventFromWire(wire: WireEvent): RegistryEvent {
  const block = ordinalOf(wire.block, 'registry_events.events.block');
  const placed = { block, logIndex: integerWithin(wire.logIndex, 0, MAX_LOG_INDEX, 'registry_events.log_index') };
  const { event } = wire;
  switch (event.case) {
    case 'registered': {
      const { key, owner, possession } = event.value;
      return {
        ...placed,
        event: 'registered',
        key: keyOf(key, 'key'),
        owner: addressOf(owner, 'owner'),
        possession: bytesOf(possession, 64, 'registry_events.events.possession'),
      };
    }
    case 'transferred': {
      const { key, fromOwner, toOwner } = event.value;
      const [from, to] = [addressOf(fromOwner, 'from_owner'), addressOf(toOwner, 'to_owner')];
      return { ...placed, event: 'transferred', key: keyOf(key, 'key'), from, to };
    }
    case 'frozen': {
      const { key, owner, frozen } = event.value;
      return { ...placed, event: 'frozen', key: keyOf(key, 'key'), owner: addressOf(owner, 'owner'), frozen };
    }
    case 'released': {
      const { key, owner } = event.value;
      return { ...placed, event: 'released', key: keyOf(key, 'key'), owner: addressOf(owner, 'owner') };
    }
    case 'payoutChanged': {
      const { owner, payout } = event.value;
      const to = addressOf(payout, 'payout');
      return { ...placed, event: 'payout_changed', owner: addressOf(owner, 'owner'), payout: to };
    }
    case undefined:
      throw new FieldError('missing_field', 'registry_events.events.event');
  }
}

export function registryEventsToWire(record: RegistryEvents): MessageInitShape<typeof RegistryEventsSchema> {
  const { chainId, registry, fromBlock, referenceBlock, referenceHash, part, parts, events } = record;
  return {
    chainId: BigInt(chainId),
    registry,
    fromBlock: BigInt(fromBlock),
    referenceBlock: BigInt(referenceBlock),
    referenceHash,
    part,
    parts,
    events: events.map((event) => ({
      block: BigInt(event.block),
      logIndex: event.logIndex,
      event: eventToWire(event),
    })),
  };
}

function eventToWire(event: RegistryEvent): NonNullable<MessageInitShape<typeof RegistryEventSchema>['event']> {
  switch (event.event) {
    case 'registered': {
      const { key, owner, possession } = event;
      return { case: 'registered', value: { key, owner, possession } };
    }
    case 'transferred':
      return { case: 'transferred', value: { key: event.key, fromOwner: event.from, toOwner: event.to } };
    case 'frozen': {
      const { key, owner, frozen } = event;
      return { case: 'frozen', value: { key, owner, frozen } };
    }
    case 'released':
      return { case: 'released', value: { key: event.key, owner: event.owner } };
    case 'payout_changed':
      return { case: 'payoutChanged', value: { owner: event.owner, payout: event.payout } };
  }
}
