import { type Random, randomInt } from './seeded-random.ts';

type Change = { readonly at: number; readonly bytes: Buffer } | { readonly truncateTo: number };

/** One file as the disk and as the page cache see it. */
export class LossyFile {
  #cached: Buffer = Buffer.alloc(0);
  #durable: Buffer = Buffer.alloc(0);
  /** What the next sync makes durable. */
  #unsynced: Change[] = [];
  /** What a failed sync left behind: still read from the cache, never written by a later sync. */
  #doomed: Change[] = [];

  get size(): number {
    return this.#cached.length;
  }

  read(): Buffer {
    return Buffer.from(this.#cached);
  }

  append(bytes: Uint8Array): void {
    const change = { at: this.#cached.length, bytes: Buffer.from(bytes) };
    this.#cached = applied(this.#cached, change);
    this.#unsynced.push(change);
  }

  truncate(size: number): void {
    const change = { truncateTo: size };
    this.#cached = applied(this.#cached, change);
    this.#unsynced.push(change);
  }

  sync(): void {
    for (const change of this.#unsynced) {
      this.#durable = applied(this.#durable, change);
      if ('truncateTo' in change) {
        this.#doomed = this.#doomed.filter((lost) => 'at' in lost && lost.at < change.truncateTo);
      }
    }
    this.#unsynced = [];
  }

  /** As Linux does it: the error is reported once, and the pages count as clean from then on. */
  failSync(): void {
    this.#doomed.push(...this.#unsynced);
    this.#unsynced = [];
  }

  /** Any of the changes that were not synced may have reached the disk: whole, in part, or as zeros. */
  losePower(random: Random): void {
    let survived = this.#durable;
    for (const change of survivors([...this.#doomed, ...this.#unsynced], random)) {
      survived = applied(survived, 'at' in change ? torn(change, random) : change);
    }
    this.#durable = survived;
    this.#cached = Buffer.from(survived);
    this.#unsynced = [];
    this.#doomed = [];
  }
}

function applied(content: Buffer, change: Change): Buffer {
  if ('truncateTo' in change) return Buffer.from(content.subarray(0, change.truncateTo));
  const grown = Buffer.alloc(Math.max(content.length, change.at + change.bytes.length));
  content.copy(grown);
  change.bytes.copy(grown, change.at);
  return grown;
}

function torn(change: { at: number; bytes: Buffer }, random: Random): { at: number; bytes: Buffer } {
  const { at, bytes } = change;
  const end = randomInt(random, bytes.length + 1);
  switch (randomInt(random, 4)) {
    case 0:
      return { at, bytes: bytes.subarray(0, end) };
    case 1:
      return { at, bytes: Buffer.concat([bytes.subarray(0, end), Buffer.alloc(bytes.length - end)]) };
    case 2:
      return { at, bytes: Buffer.concat([Buffer.alloc(end), bytes.subarray(end)]) };
    default:
      return change;
  }
}

/** All, none, the first ones, or any of the changes, in their order. */
export function survivors<T>(changes: readonly T[], random: Random): T[] {
  switch (randomInt(random, 4)) {
    case 0:
      return [];
    case 1:
      return [...changes];
    case 2:
      return changes.slice(0, randomInt(random, changes.length + 1));
    default:
      return changes.filter(() => random() < 0.5);
  }
}
