import type { Move } from '../location/evidence.ts';

const DAY_MS = 86_400_000;

/** Epochs of this length that `days` have, at least one. */
export function epochsOfDays(days: number, epochMs: number): number {
  return Math.max(1, Math.ceil((days * DAY_MS) / epochMs));
}

/**
 * The moves that still count after an epoch, oldest first: those of the last `windowEpochs`, this one among them. Moves of
 * one epoch are one.
 */
export function movesAfter(moves: readonly Move[], epoch: number, distanceM: number, windowEpochs: number): Move[] {
  const recent = moves.filter((move) => epoch - move.epoch < windowEpochs);
  if (distanceM === 0) return recent;
  const last = recent.at(-1);
  if (last?.epoch !== epoch) return [...recent, { epoch, distanceM }];
  return [...recent.slice(0, -1), { epoch, distanceM: last.distanceM + distanceM }];
}

/** How far it has moved by all of them, m: many small moves are a large one. */
export function movedM(moves: readonly Move[]): number {
  return moves.reduce((sum, { distanceM }) => sum + distanceM, 0);
}
