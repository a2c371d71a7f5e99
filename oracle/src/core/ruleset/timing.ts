import type { Timing } from '@sextant/firmware-bridge/protocol';

/** A network's lengths of time, without where its grid starts. */
export type TimingProfile = Omit<Timing, 'genesisMs'>;

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

export const PRODUCTION_TIMING: TimingProfile = Object.freeze({
  slotMs: 60 * SECOND_MS,
  roundMs: 6 * HOUR_MS,
  epochMs: 24 * HOUR_MS,
  clockMarginMs: 120 * SECOND_MS,
  epochGraceMs: 300 * SECOND_MS,
});

export const DEMO_TIMING: TimingProfile = Object.freeze({
  slotMs: 5 * SECOND_MS,
  roundMs: 60 * SECOND_MS,
  epochMs: 300 * SECOND_MS,
  clockMarginMs: 3 * SECOND_MS,
  epochGraceMs: 8 * SECOND_MS,
});

/** A LoRa frame of ours takes up to 1.5 s on the air. */
const SHORTEST_SLOT_MS = 2 * SECOND_MS;
const SHORTEST_CLOCK_MARGIN_MS = SECOND_MS;
const SHORTEST_CUT_DELAY_MS = 2 * SECOND_MS;

export type TimingProblem = 'not_whole_milliseconds' | 'round_too_short' | 'epoch_not_whole_rounds';

/**
 * The profile for a round and an epoch length: slots are a twelfth of the round within 2 s … 60 s (then the nearest
 * longer length that divides the round), W a twentieth of it within 1 s … 120 s, and the cut is made 2W and a 1440th
 * of the epoch (2 s … 60 s) after its end. 6 h and 24 h give `PRODUCTION_TIMING`, 60 s and 5 min `DEMO_TIMING`.
 */
export function deriveTiming(lengths: {
  readonly roundMs: number;
  readonly epochMs: number;
}): TimingProfile | TimingProblem {
  const { roundMs, epochMs } = lengths;
  if (!Number.isSafeInteger(roundMs) || !Number.isSafeInteger(epochMs)) return 'not_whole_milliseconds';
  if (roundMs < SHORTEST_SLOT_MS) return 'round_too_short';
  if (epochMs < roundMs || epochMs % roundMs !== 0) return 'epoch_not_whole_rounds';
  const wantedSlotMs = within(Math.floor(roundMs / 12), SHORTEST_SLOT_MS, PRODUCTION_TIMING.slotMs);
  let slots = Math.floor(roundMs / wantedSlotMs);
  while (roundMs % slots !== 0) slots--;
  const clockMarginMs = within(Math.floor(roundMs / 20), SHORTEST_CLOCK_MARGIN_MS, PRODUCTION_TIMING.clockMarginMs);
  const cutDelayMs = within(Math.floor(epochMs / 1440), SHORTEST_CUT_DELAY_MS, 60 * SECOND_MS);
  return { slotMs: roundMs / slots, roundMs, epochMs, clockMarginMs, epochGraceMs: 2 * clockMarginMs + cutDelayMs };
}

/** K: in how many epochs after its own a report is still recorded. Covers 50 hours, so an outbox may be two days late. */
export function lateEpochsOf(epochMs: number): number {
  return Math.ceil((50 * HOUR_MS) / epochMs);
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
