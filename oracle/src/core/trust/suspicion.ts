import type { AccusationCode, Check, CheckUnit } from '@sextant/firmware-bridge/protocol';

/** What one check has against radios in one epoch, with every number it rests on. */
export interface Suspicion {
  readonly code: AccusationCode;
  /** Places in `evidence.radios`, ascending. */
  readonly radios: readonly number[];
  readonly checks: readonly Check[];
}

/** A comparison that went wrong: `observed` is beyond a limit it should not have been above. */
export function above(check: string, observed: number, limit: number, unit: CheckUnit): Check {
  return { check, observed, limit, margin: limit - observed, unit };
}

/** The same of a limit it should not have been below. */
export function below(check: string, observed: number, limit: number, unit: CheckUnit): Check {
  return { check, observed, limit, margin: observed - limit, unit };
}

/** How much a check rests on, and how much it wants at least. */
export function restingOn(check: string, observed: number, limit: number, unit: CheckUnit = 'count'): Check {
  return { check, observed, limit, margin: observed - limit, unit };
}
