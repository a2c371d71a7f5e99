import type { EpochOnAir } from '../worlds/world.ts';

/** What one epoch brings to hotspots, by their ids. */
export interface EpochPay {
  /** Part of the epoch's pool for hotspots that goes to each; what was held and is released now belongs to it. */
  readonly paid: ReadonlyMap<number, number>;
  /** The same before the split, for honest hotspots: worth of what each is paid for, in parts of all `possible`. */
  readonly earned: ReadonlyMap<number, number>;
  /** Worth of what each honest hotspot did, had no honest place or reception been doubted. */
  readonly possible: ReadonlyMap<number, number>;
  /** Named as cheats. */
  readonly accused: ReadonlySet<number>;
}

/** A network under one rule set, epoch after epoch. */
export interface NetworkRun {
  readonly ruleSet: RuleSetName;
  close(onAir: EpochOnAir): EpochPay;
  /** The same network so far; from here both go their own ways. */
  fork(): NetworkRun;
}

export const RULE_SETS = ['sextant', 'helium'] as const;
export type RuleSetName = (typeof RULE_SETS)[number];
