import type { CanonicalValue } from '../../numeric/canonical-json.ts';
import type { HoldingState, PayoutState, RegistryReference } from '../../registry/registry-state.ts';
import type { JsonFields } from './json-fields.ts';

/** What is known of the registry as JSON values, and back. The readers throw `StateFault`. */

type JsonObject = { readonly [name: string]: CanonicalValue };

const KEY_BYTES = 32;
const HASH_BYTES = 32;
const ADDRESS_BYTES = 20;

export function referenceJson({ chainId, registry, block, hash }: RegistryReference): JsonObject {
  return { chainId, registry, block, hash };
}

export function referenceOf(fields: JsonFields): RegistryReference {
  return {
    chainId: fields.integer('chainId', 1),
    registry: fields.bytes('registry', ADDRESS_BYTES),
    block: fields.integer('block'),
    hash: fields.bytes('hash', HASH_BYTES),
  };
}

export function holdingJson({ key, registeredKey, frozen }: HoldingState): JsonObject {
  return { key, registeredKey, frozen };
}

export function holdingOf(fields: JsonFields): HoldingState {
  return {
    key: fields.bytes('key', KEY_BYTES),
    registeredKey: fields.bytes('registeredKey', KEY_BYTES),
    frozen: fields.flag('frozen'),
  };
}

export function payoutJson({ owner, payout, block, logIndex }: PayoutState): JsonObject {
  return { owner, payout, block, logIndex };
}

export function payoutOf(fields: JsonFields): PayoutState {
  return {
    owner: fields.bytes('owner', ADDRESS_BYTES),
    payout: fields.bytes('payout', ADDRESS_BYTES),
    block: fields.integer('block'),
    logIndex: fields.integer('logIndex'),
  };
}
