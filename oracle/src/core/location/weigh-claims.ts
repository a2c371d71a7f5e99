import type { PlaceEvidence } from './gather-links.ts';
import { type WeighedClaim, type WeighingModules, weighClaim } from './weigh-claim.ts';

/** Where a hotspot says it is, and the links it has. */
export interface Claim {
  readonly subject: number;
  readonly cell: bigint;
  readonly evidence: PlaceEvidence;
  /** The likelihood gap from which on the place is in doubt, micronats. */
  readonly limitMicronats: number;
}

/**
 * Weighs all claims, by subject. A place that comes out in doubt is weighed once more without those who are more in doubt than it is: when
 * many are carried away at once, what they hear from elsewhere speaks against those who stayed.
 */
export function weighClaims(
  claims: readonly Claim[],
  modules: Omit<WeighingModules, 'limitMicronats' | 'without'>,
): ReadonlyMap<number, WeighedClaim> {
  const { index } = modules;
  const weigh = ({ subject, cell, evidence, limitMicronats }: Claim, without: ReadonlySet<number>): WeighedClaim =>
    weighClaim(subject, index.pointOf(cell), evidence, { ...modules, limitMicronats, without });
  const nobody: ReadonlySet<number> = new Set();
  const weighed = new Map(claims.map((claim) => [claim.subject, weigh(claim, nobody)]));
  const inDoubt = claims
    .map((claim) => ({ claim, first: weighed.get(claim.subject) as WeighedClaim }))
    .filter(({ claim, first }) => first.gapMicronats > claim.limitMicronats);
  for (const { claim, first } of inDoubt) {
    const worse = inDoubt.filter((other) => other.first.gapMicronats > first.gapMicronats);
    if (!first.law || worse.length === 0) continue;
    const again = weigh(claim, new Set(worse.map((other) => other.claim.subject)));
    if (again.law) weighed.set(claim.subject, again);
  }
  return weighed;
}
