const WINDOW_MS = 48 * 3_600_000;

/**
 * HIP 106: who beacons must have witnessed within 48 hours, who witnesses must have beaconed. What passes all other checks
 * counts for the other side even when this check refuses it, so that a new hotspot can begin.
 */
export class Reciprocity {
  readonly #lastBeacons: Map<number, number>;
  readonly #lastWitnessed: Map<number, number>;

  constructor(from?: Reciprocity) {
    this.#lastBeacons = new Map(from ? from.#lastBeacons : []);
    this.#lastWitnessed = new Map(from ? from.#lastWitnessed : []);
  }

  /** A beacon that passed its own checks and had at least one valid witness. */
  heard(beaconer: number, witnesses: readonly number[], atMs: number): void {
    this.#lastBeacons.set(beaconer, atMs);
    for (const witness of witnesses) this.#lastWitnessed.set(witness, atMs);
  }

  mayBeacon(id: number, atMs: number): boolean {
    return isRecent(this.#lastWitnessed.get(id), atMs);
  }

  mayWitness(id: number, atMs: number): boolean {
    return isRecent(this.#lastBeacons.get(id), atMs);
  }
}

function isRecent(lastMs: number | undefined, atMs: number): boolean {
  return lastMs !== undefined && atMs - lastMs < WINDOW_MS;
}
