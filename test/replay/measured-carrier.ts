import type { Fix } from '../simulator/gpsd-server.ts';
import type { Place } from './links-csv.ts';
import type { MeasuredPacket } from './replay-plan.ts';

/** A place with the packets that are sent from it, in the order of the measurement. */
export interface Stop {
  readonly place: Place;
  readonly packets: readonly MeasuredPacket[];
}

/**
 * A device that says again what was measured. Which spreading factor a transmission has is derived from its secret, so the
 * device's radio refuses one that could not have carried any packet still waiting at this place; of those it could have
 * carried it takes the most demanding one.
 */
export class MeasuredCarrier {
  readonly #stops: readonly Stop[];
  #at = 0;
  #waiting: MeasuredPacket[];
  #carrying: MeasuredPacket | undefined;
  #refused = 0;
  #isParked = true;

  constructor(stops: readonly Stop[]) {
    this.#stops = stops.filter(({ packets }) => packets.length > 0);
    this.#waiting = [...(this.#stops[0]?.packets ?? [])];
  }

  /** Before it, the receiver has no fix and nothing is sent. */
  depart(): void {
    this.#isParked = false;
  }

  get isDone(): boolean {
    return this.#waiting.length === 0;
  }

  /**
   * Transmissions that were ordered and could not have carried what waited: their links were spent, nothing was sent. When
   * nothing waits any more none is counted: that one was ordered says nothing.
   */
  get refused(): number {
    return this.#refused;
  }

  /** What the receiver says: it stands still, and has no fix while there is nothing to send. */
  fix(): Fix {
    const stop = this.#stops[Math.min(this.#at, this.#stops.length - 1)];
    const { latitude, longitude } = stop?.place ?? { latitude: 0, longitude: 0 };
    return { latitude, longitude, speedMps: 0, hdop: 0.9, satellites: this.#isParked || this.isDone ? 0 : 9 };
  }

  /** Whether a transmission at this spreading factor is taken. */
  hasRoomFor({ spreadingFactor }: { readonly spreadingFactor: number }): boolean {
    const fits = this.#waiting.filter(({ leastSpreadingFactor }) => leastSpreadingFactor <= spreadingFactor);
    const [best] = fits.sort((a, b) => b.leastSpreadingFactor - a.leastSpreadingFactor || a.number - b.number);
    if (!best || this.#isParked) {
      if (!this.isDone) this.#refused++;
      return false;
    }
    this.#carrying = best;
    this.#waiting = this.#waiting.filter((packet) => packet !== best);
    if (this.#waiting.length === 0 && this.#at + 1 < this.#stops.length) {
      this.#at++;
      this.#waiting = [...(this.#stops[this.#at]?.packets ?? [])];
    }
    return true;
  }

  /** The packet that the transmission now on the air carries. */
  takeCarried(): MeasuredPacket | undefined {
    const carried = this.#carrying;
    this.#carrying = undefined;
    return carried;
  }
}
