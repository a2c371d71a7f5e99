export { computeTrust } from './compute-trust.ts';
export { findCollusion } from './find-collusion.ts';
export { type GraceResult, graceAfter } from './grace.ts';
export { epochsOfDays, movedM, movesAfter } from './moves.ts';
export {
  accusationStrength,
  accusationsAfter,
  isAccused,
  isDismissed,
  payAfterAccusations,
} from './standing-accusations.ts';
export {
  type AppealRefusal,
  appealAfter,
  type CountedAppeal,
  type CountedReview,
  type ReviewRefusal,
  reviewAfter,
} from './standing-appeals.ts';
export type { Suspicion } from './suspicion.ts';
