export interface FairQueueLimits {
  /** Most items one sender may have waiting. */
  readonly perSender: number;
  /** Most bytes all items together may have. */
  readonly totalBytes: number;
}

interface Lane<Sender, Item> {
  readonly sender: Sender;
  readonly items: Item[];
}

/**
 * Bounded queues, one a sender, served in turn: whoever sends much waits for himself only.
 */
export class FairQueue<Sender, Item extends { readonly bytes: Uint8Array }> {
  readonly #limits: FairQueueLimits;
  readonly #lanes = new Map<Sender, Lane<Sender, Item>>();
  /** Lanes with items, in the order of their turns; a consumed prefix is cut off now and then. */
  #turns: Lane<Sender, Item>[] = [];
  #nextTurn = 0;
  #bytes = 0;
  #size = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False when the sender or the whole has no room: the item was not taken. */
  push(sender: Sender, item: Item): boolean {
    if (this.#bytes + item.bytes.length > this.#limits.totalBytes) return false;
    const lane = this.#lanes.get(sender);
    if (lane) {
      if (lane.items.length >= this.#limits.perSender) return false;
      lane.items.push(item);
    } else {
      const opened = { sender, items: [item] };
      this.#lanes.set(sender, opened);
      this.#turns.push(opened);
    }
    this.#bytes += item.bytes.length;
    this.#size += 1;
    return true;
  }

  /** Up to `most` items, one sender after the other; stops before `mostBytes`, but gives at least one. */
  take(most: number, mostBytes: number): Item[] {
    const taken: Item[] = [];
    let bytes = 0;
    while (taken.length < most) {
      const lane = this.#turns[this.#nextTurn];
      const item = lane?.items[0];
      if (!lane || !item) break;
      if (taken.length > 0 && bytes + item.bytes.length > mostBytes) break;
      lane.items.shift();
      this.#nextTurn += 1;
      if (lane.items.length > 0) this.#turns.push(lane);
      else this.#lanes.delete(lane.sender);
      bytes += item.bytes.length;
      taken.push(item);
    }
    if (this.#nextTurn > 1_024 || this.#nextTurn === this.#turns.length) {
      this.#turns = this.#turns.slice(this.#nextTurn);
      this.#nextTurn = 0;
    }
    this.#bytes -= bytes;
    this.#size -= taken.length;
    return taken;
  }
}
