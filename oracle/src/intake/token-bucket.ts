export interface BucketRate {
  /** Tokens that come back in a minute. */
  readonly perMinute: number;
  /** Most tokens there can be. */
  readonly burst: number;
}

const MINUTE_MS = 60_000;

/** Allows bursts and limits the mean. The clock may stand still or jump; it never takes tokens away. */
export class TokenBucket {
  readonly #rate: BucketRate;
  #tokens: number;
  #atMs: number;

  constructor(rate: BucketRate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes one token if there is one. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes `tokens` whether they are there or not, down to a debt of one burst. */
  charge(tokens: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#tokens = Math.max(this.#tokens - tokens, -this.#rate.burst);
  }

  /** Milliseconds until `take` succeeds again. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    return Math.max(0, Math.ceil(((1 - this.#tokens) * MINUTE_MS) / this.#rate.perMinute));
  }

  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= this.#rate.burst;
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs * this.#rate.perMinute) / MINUTE_MS);
    this.#atMs = nowMs;
  }
}
