import type { Reason } from '@sextant/firmware-bridge/protocol';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { RuleSet } from '../ruleset/rule-set.ts';
import { payAfterAccusations } from '../trust/index.ts';
import { FULL_TRUST, type Standing } from './evidence.ts';
import type { LocationVerdict } from './judge-location.ts';

/** Whether, and how, a radio is paid for an epoch. */
export interface PlacePay {
  /**
   * `paid`: its place is proven, or it is a survey device. `held`: nothing is proven yet and nothing speaks against it;
   * what it earns waits. `unpaid`: its place is in doubt or refuted, or its grace has run out.
   */
  readonly status: 'paid' | 'held' | 'unpaid';
  /** The place is not in doubt: its links count as coverage. */
  readonly stands: boolean;
  /**
   * What its work counts, in 1/10,000: its trust, less what stands against it; half of it while it is held, all of it where
   * only time is missing.
   */
  readonly share: number;
}

/** A radio nobody has judged. */
export const NO_PAY: PlacePay = Object.freeze({ status: 'unpaid', stands: false, share: 0 });

interface PayRules {
  readonly epoch: number;
  readonly numbers: TrustNumbers & {
    readonly rewards: Pick<RuleSet['rewards'], 'insufficientPercent' | 'insufficientEpochs'>;
  };
}

/** By a radio's standing after an epoch, and the verdict on its place; a survey device has none. */
export function payOf(
  standing: Standing,
  verdict: LocationVerdict | undefined,
  { epoch, numbers }: PayRules,
): PlacePay {
  const left = payAfterAccusations(standing.accusations, epoch, numbers);
  const full = Math.floor((standing.trust * left) / FULL_TRUST);
  if (!verdict || verdict.outcome === 'valid') return { status: 'paid', stands: true, share: verdict ? full : left };
  if (!WAITS.has(verdict.reason)) return NO_PAY;
  const { grace } = standing;
  if (grace.over || grace.epochs >= numbers.rewards.insufficientEpochs) return { ...NO_PAY, stands: true };
  const percent = verdict.reason === 'too_new' ? 100 : numbers.rewards.insufficientPercent;
  return { status: 'held', stands: true, share: Math.floor((full * percent) / 100) };
}

/** Nothing speaks against the place. */
const WAITS: ReadonlySet<Reason> = new Set<Reason>(['too_few_witnesses', 'untrusted', 'too_new']);
