import { slotStartMs, type Timing, type UnixMs, unixMs } from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';

/**
 * A gateway has a frame on the air so long after it was handed over: 0.1 s with an sx1302, 1 s with an sx1301 (their
 * packet forwarders' queues). Of a short slot no more than an eighth is left for it.
 */
const HANDOVER_MS = 1_200;
const HANDOVER_SHARE = 8;

export interface SendWindow {
  readonly earliestMs: UnixMs;
  /** Handed over later, the frame might not end within the slot. Before `earliestMs` when no moment is good. */
  readonly latestMs: UnixMs;
}

/** When a frame of this airtime may be handed to the gateway so that all of it is within the slot. */
export function sendWindow(timing: Timing, slot: number, airtimeUs: number): SendWindow {
  const earliestMs = slotStartMs(timing, slot);
  const airtimeMs = Math.ceil(airtimeUs / 1_000);
  const handoverMs = Math.min(HANDOVER_MS, Math.floor(timing.slotMs / HANDOVER_SHARE));
  return { earliestMs, latestMs: unixMs(earliestMs + timing.slotMs - airtimeMs - handoverMs) };
}

/** A uniformly random moment of the window that is not over at `nowMs`; undefined when none is left. */
export function pickMoment(window: SendWindow, nowMs: UnixMs, random: RandomSource): UnixMs | undefined {
  const fromMs = Math.max(window.earliestMs, nowMs);
  if (fromMs > window.latestMs) return undefined;
  return unixMs(fromMs + random.below(window.latestMs - fromMs + 1));
}
