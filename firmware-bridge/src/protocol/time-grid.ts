import type { Timing } from './records.ts';
import type { UnixMs } from './units.ts';

/** Number of the slot, round or epoch that contains `at`; negative before genesis. */
export const slotAt = (timing: Timing, at: UnixMs): number => Math.floor((at - timing.genesisMs) / timing.slotMs);
export const roundAt = (timing: Timing, at: UnixMs): number => Math.floor((at - timing.genesisMs) / timing.roundMs);
export const epochAt = (timing: Timing, at: UnixMs): number => Math.floor((at - timing.genesisMs) / timing.epochMs);

export const slotStartMs = (timing: Timing, slot: number): UnixMs =>
  (timing.genesisMs + slot * timing.slotMs) as UnixMs;
export const roundStartMs = (timing: Timing, round: number): UnixMs =>
  (timing.genesisMs + round * timing.roundMs) as UnixMs;
export const epochStartMs = (timing: Timing, epoch: number): UnixMs =>
  (timing.genesisMs + epoch * timing.epochMs) as UnixMs;

export const slotsPerRound = (timing: Pick<Timing, 'slotMs' | 'roundMs'>): number => timing.roundMs / timing.slotMs;
export const roundsPerEpoch = (timing: Timing): number => timing.epochMs / timing.roundMs;
export const roundOfSlot = (timing: Timing, slot: number): number => Math.floor(slot / slotsPerRound(timing));
export const epochOfRound = (timing: Timing, round: number): number => Math.floor(round / roundsPerEpoch(timing));
/** The first slot of a round; the slot before it is the last one whose mark a certificate may still precede. */
export const firstSlotOfRound = (timing: Timing, round: number): number => round * slotsPerRound(timing);

/** When each validator appends SlotClosed: slot end + W. */
export const slotClosesMs = (timing: Timing, slot: number): UnixMs =>
  (slotStartMs(timing, slot + 1) + timing.clockMarginMs) as UnixMs;
/** When the sender reveals: slot end + 2W. */
export const revealAtMs = (timing: Timing, slot: number): UnixMs =>
  (slotStartMs(timing, slot + 1) + 2 * timing.clockMarginMs) as UnixMs;
/** When the epoch-marked checkpoint is made: epoch end + grace. */
export const epochCutMs = (timing: Timing, epoch: number): UnixMs =>
  (epochStartMs(timing, epoch + 1) + timing.epochGraceMs) as UnixMs;

export const TIMING_FAULTS = ['not_positive', 'slot_not_in_round', 'round_not_in_epoch', 'grace_too_short'] as const;
export type TimingFault = (typeof TIMING_FAULTS)[number];

/** Whole numbers, a round of whole slots, an epoch of whole rounds, and a grace that lets the last reveal in. */
export function findTimingFault(timing: Timing): TimingFault | undefined {
  const { genesisMs, slotMs, roundMs, epochMs, clockMarginMs, epochGraceMs } = timing;
  const lengths = [slotMs, roundMs, epochMs, clockMarginMs, epochGraceMs];
  if (![genesisMs, ...lengths].every((value) => Number.isSafeInteger(value)) || genesisMs < 0) return 'not_positive';
  if (lengths.some((value) => value <= 0)) return 'not_positive';
  if (roundMs % slotMs !== 0) return 'slot_not_in_round';
  if (epochMs % roundMs !== 0) return 'round_not_in_epoch';
  if (epochGraceMs <= 2 * clockMarginMs) return 'grace_too_short';
  return undefined;
}
