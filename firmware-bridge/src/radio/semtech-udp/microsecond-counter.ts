const WRAP_US = 2 ** 32;
/** How far the counter may be from where the bridge's clock expects it, before it counts as restarted. */
const RESTART_MS = 10_000;

/**
 * Unwraps a concentrator's 32-bit microsecond counter (it wraps every 71.6 minutes) with the help of the bridge's
 * clock. After a restart of the concentrator it goes on in the next lap, so later is always larger.
 */
export class MicrosecondCounter {
  #lastUs: number | undefined;
  #lastAtMs = 0;

  /** `counterUs` as the gateway sent it, seen at `nowMs`; what comes back stays below 2^53 for 285 years. */
  extend(counterUs: number, nowMs: number): number {
    const extendedUs = this.#lastUs === undefined ? counterUs : this.#next(this.#lastUs, counterUs, nowMs);
    if (this.#lastUs === undefined || extendedUs > this.#lastUs) {
      this.#lastUs = extendedUs;
      this.#lastAtMs = nowMs;
    }
    return extendedUs;
  }

  #next(lastUs: number, counterUs: number, nowMs: number): number {
    const expectedUs = lastUs + Math.max(0, nowMs - this.#lastAtMs) * 1000;
    const lap = Math.round((expectedUs - counterUs) / WRAP_US);
    const nearestUs = Math.max(0, lap) * WRAP_US + counterUs;
    if (Math.abs(nearestUs - expectedUs) <= RESTART_MS * 1000) return nearestUs;
    return (Math.floor(lastUs / WRAP_US) + 1) * WRAP_US + counterUs;
  }
}
