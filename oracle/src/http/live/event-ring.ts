/** What was sent lately, for those who come back. */
export interface RingEvent {
  readonly sequence: number;
  /** The event as it goes over the wire. */
  readonly text: string;
}

export interface EventRingOptions {
  readonly maxEvents: number;
  /** Characters of all events together. */
  readonly maxCharacters: number;
}

/** Keeps the newest events within both limits; sequence numbers go up by one. */
export class EventRing {
  readonly #options: EventRingOptions;
  #events: RingEvent[] = [];
  #characters = 0;
  #last = 0;

  constructor(options: EventRingOptions) {
    this.#options = options;
  }

  /** Sequence number of the newest event, 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** True when everything after that event is still here. */
  holdsAfter(sequence: number): boolean {
    return sequence <= this.#last && sequence >= this.#last - this.#events.length;
  }

  push(format: (sequence: number) => string): void {
    this.#last += 1;
    const text = format(this.#last);
    this.#events.push({ sequence: this.#last, text });
    this.#characters += text.length;
    const { maxEvents, maxCharacters } = this.#options;
    let drop = 0;
    while (this.#events.length - drop > maxEvents || (this.#characters > maxCharacters && drop < this.#events.length)) {
      this.#characters -= this.#events[drop]?.text.length ?? 0;
      drop += 1;
    }
    if (drop > 0) this.#events = this.#events.slice(drop);
  }

  /** The event that follows `sequence`; undefined when there is none yet. */
  after(sequence: number): RingEvent | undefined {
    return this.#events[this.#events.length - (this.#last - sequence)];
  }
}
