/** Why a forwarder's transmit queue refuses a frame (jitqueue.c); a full queue also answers COLLISION_PACKET. */
export type JitRefusal = 'TOO_LATE' | 'TOO_EARLY' | 'COLLISION_PACKET';

interface Slot {
  readonly startMs: number;
  readonly endMs: number;
}

const MAX_FRAMES = 32;
/** TX_START_DELAY + TX_MARGIN_DELAY + TX_JIT_DELAY. */
const MIN_ADVANCE_MS = 42.5;
/** TX_MAX_ADVANCE_DELAY: (3 beacons + 1) × 128 s. */
const MAX_ADVANCE_MS = 512_000;
/** A frame is programmed this long before it starts, and that time is part of its slot. */
const PRE_DELAY_MS = 41.5;
const MARGIN_MS = 1;

/** The just-in-time queue of a packet forwarder: what will be on the air, without overlap. */
export class JitQueue {
  #slots: Slot[] = [];

  /** As soon as possible from `nowMs + delayMs` on, after what is in the way. The start, or why not. */
  enqueueImmediate(nowMs: number, delayMs: number, airtimeMs: number): number | JitRefusal {
    this.#forget(nowMs);
    if (this.#slots.length >= MAX_FRAMES) return 'COLLISION_PACKET';
    const starts = [
      nowMs + delayMs,
      ...this.#slots.map((slot) => slot.endMs + PRE_DELAY_MS + 2 * MARGIN_MS).filter((ms) => ms > nowMs + delayMs),
    ].sort((a, b) => a - b);
    const startMs = starts.find((ms) => !this.#collides(ms, ms + airtimeMs));
    return startMs === undefined ? 'COLLISION_PACKET' : this.#insert(startMs, airtimeMs);
  }

  /** At one moment. */
  enqueueAt(nowMs: number, startMs: number, airtimeMs: number): number | JitRefusal {
    this.#forget(nowMs);
    if (this.#slots.length >= MAX_FRAMES) return 'COLLISION_PACKET';
    if (startMs - nowMs <= MIN_ADVANCE_MS) return 'TOO_LATE';
    if (startMs - nowMs > MAX_ADVANCE_MS) return 'TOO_EARLY';
    return this.#collides(startMs, startMs + airtimeMs) ? 'COLLISION_PACKET' : this.#insert(startMs, airtimeMs);
  }

  /** Whether anything is on the air within the interval: the radio hears nothing then. */
  isSending(fromMs: number, untilMs: number): boolean {
    return this.#slots.some((slot) => slot.startMs < untilMs && fromMs < slot.endMs);
  }

  #collides(startMs: number, endMs: number): boolean {
    return this.#slots.some(
      (slot) => startMs - PRE_DELAY_MS - MARGIN_MS <= slot.endMs && slot.startMs - PRE_DELAY_MS - MARGIN_MS <= endMs,
    );
  }

  #insert(startMs: number, airtimeMs: number): number {
    this.#slots.push({ startMs, endMs: startMs + airtimeMs });
    return startMs;
  }

  /** Slots are kept for a while after they ended: receptions are told at their end. */
  #forget(nowMs: number): void {
    this.#slots = this.#slots.filter((slot) => slot.endMs > nowMs - 10_000);
  }
}
