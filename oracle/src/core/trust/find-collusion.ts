import type { CellCache } from '../geometry/cell-cache.ts';
import type { NetworkEvidence } from '../location/evidence.ts';
import type { HearingCurve } from '../location/hearing-curve.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { findLateBothWays } from './late-both-ways.ts';
import { findOneSidedLevels } from './level-reciprocity.ts';
import { openLinkBook } from './link-book.ts';
import { findIgnoredPowerSteps } from './power-steps.ts';
import { findNarrowResiduals } from './residual-spread.ts';
import type { Suspicion } from './suspicion.ts';
import { findUnheardClusters } from './unheard-clusters.ts';
import { findAlikeWitnessSets } from './witness-sets.ts';

/**
 * Everything an epoch's evidence has against radios that pretend together, given how far each is trusted (one a radio,
 * in 1/10,000): by check, then by the radios. One radio may be in several.
 */
export function findCollusion(
  evidence: NetworkEvidence,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
  { cells, hearing }: { readonly cells: CellCache; readonly hearing: HearingCurve },
): Suspicion[] {
  const book = openLinkBook(evidence, cells);
  const alike = findAlikeWitnessSets(book, trust, numbers, hearing);
  return [
    ...findNarrowResiduals(book, { trust, alike }, numbers),
    ...findOneSidedLevels(book, trust, numbers, hearing),
    ...findIgnoredPowerSteps(book, trust, numbers),
    ...alike,
    ...findUnheardClusters(book, trust, numbers),
    ...findLateBothWays(book, trust, numbers),
  ];
}
