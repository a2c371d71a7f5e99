import { parseId } from '@sextant/firmware-bridge/protocol';
import type { KnownKeys } from './ports.ts';
import { type BucketRate, TokenBucket } from './token-bucket.ts';

/** Somebody whose messages the intake takes: one bucket and one queue each. */
export interface Participant {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly bucket: TokenBucket;
}

/** So many are kept before those with a full bucket are forgotten. */
const SWEEP_ABOVE = 16_384;

/** The participants that sent something lately. Forgetting one whose bucket is full changes nothing. */
export class Participants {
  readonly #rate: BucketRate;
  readonly #knownKeys: KnownKeys;
  readonly #byId = new Map<string, Participant>();
  #sweepAbove = SWEEP_ABOVE;

  constructor(rate: BucketRate, knownKeys: KnownKeys) {
    this.#rate = rate;
    this.#knownKeys = knownKeys;
  }

  /** The participant with this id; undefined when it is not the id of a key that is known as this kind. */
  find(id: string, nowMs: number): Participant | undefined {
    const met = this.#byId.get(id);
    if (met) return met;
    const publicKey = findKnownKey(id, this.#knownKeys);
    if (!publicKey) return undefined;
    if (this.#byId.size >= this.#sweepAbove) this.#sweep(nowMs);
    const participant = { id, publicKey, bucket: new TokenBucket(this.#rate, nowMs) };
    this.#byId.set(id, participant);
    return participant;
  }

  #sweep(nowMs: number): void {
    for (const [id, { bucket }] of this.#byId) if (bucket.isFull(nowMs)) this.#byId.delete(id);
    this.#sweepAbove = Math.max(SWEEP_ABOVE, 2 * this.#byId.size);
  }
}

/** The key behind an id such as `hs1…` when it is known as that kind of participant. */
export function findKnownKey(id: string, knownKeys: KnownKeys): Uint8Array | undefined {
  const parsed = parseId(id);
  if (!parsed || knownKeys.find(parsed.publicKey)?.kind !== parsed.kind) return undefined;
  return parsed.publicKey;
}
