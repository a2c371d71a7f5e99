import type { Clock } from '@sextant/firmware-bridge/clock';
import { type BucketRate, TokenBucket } from '../intake/token-bucket.ts';
import { addressGroup } from './address-group.ts';
import { ApiProblem } from './api-problem.ts';

/** Addresses remembered at most; the one asked for longest ago is forgotten first. */
const ADDRESSES_MAX = 10_000;

/** Limits how often one address may do something. */
export class AddressLimit {
  readonly #rate: BucketRate;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: BucketRate, modules: { readonly clock: Clock }) {
    this.#rate = rate;
    this.#clock = modules.clock;
  }

  /** Counts one. Throws `too_many_requests`. */
  take(address: string): void {
    const nowMs = this.#clock.now();
    const group = addressGroup(address);
    const bucket = this.#buckets.get(group) ?? new TokenBucket(this.#rate, nowMs);
    this.#buckets.delete(group);
    this.#buckets.set(group, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > ADDRESSES_MAX && oldest !== undefined) this.#buckets.delete(oldest);
    if (bucket.take(nowMs)) return;
    throw new ApiProblem(
      'too_many_requests',
      'Too many attempts from your address. Wait as long as Retry-After says.',
      {
        retryAfterS: Math.max(1, Math.ceil(bucket.waitMs(nowMs) / 1_000)),
      },
    );
  }
}
