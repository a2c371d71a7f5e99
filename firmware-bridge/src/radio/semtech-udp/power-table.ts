/** How far below what was asked a level is still worth trying: the widest gap in a stock gain table is 4 dB. */
const MAX_STEPS_DOWN = 12;

/**
 * What a gateway has taught us about the powers it can produce, in whole dBm, conducted. Two behaviours exist:
 * - sx1302_hal corrects: it sends at the next lower level of its gain table (at its *lowest* level when asked for less,
 *   which is more than asked) and warns with that level.
 * - packet_forwarder 4.0.1 refuses with TX_POWER unless the level is in its table, and sends nothing.
 */
export class PowerTable {
  readonly #produces = new Map<number, number>();
  readonly #refused = new Set<number>();

  /** The level to ask for when `requestedDbm` is wanted; undefined when everything near below it was refused. */
  resolve(requestedDbm: number): number | undefined {
    for (let dbm = requestedDbm; dbm >= requestedDbm - MAX_STEPS_DOWN; dbm--) {
      const level = this.#produces.get(dbm) ?? dbm;
      if (!this.#refused.has(dbm) && !this.#refused.has(level)) return level;
    }
    return undefined;
  }

  /** The gateway took `askedDbm` and used `actualDbm`. */
  accepted(askedDbm: number, actualDbm: number): void {
    this.#produces.set(askedDbm, actualDbm);
    this.#produces.set(actualDbm, actualDbm);
    this.#refused.delete(askedDbm);
    this.#refused.delete(actualDbm);
  }

  refused(askedDbm: number): void {
    this.#refused.add(askedDbm);
    this.#produces.delete(askedDbm);
  }

  /** Levels that were really used, ascending. */
  levelsDbm(): number[] {
    return [...new Set(this.#produces.values())].sort((a, b) => a - b);
  }
}
