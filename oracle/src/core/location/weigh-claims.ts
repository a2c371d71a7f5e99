import type { Claim } from './claims.ts';
import { type WeighedClaim, type WeighingModules, weighClaim } from './weigh-claim.ts';

/**
 * Weighs all claims, by subject. A place that comes out in doubt is weighed once more without those who are more in doubt than
 * it is: when many are carried away at once, what they hear from elsewhere speaks against those who stayed.
 */
export function weighClaims(
  claims: readonly Claim[],
  {
    astray,
    ...modules
  }: Omit<WeighingModules, 'limitMicronats' | 'without'> & { readonly astray: ReadonlySet<number> },
): ReadonlyMap<number, WeighedClaim> {
  const weigh = ({ subject, cell, evidence, limitMicronats }: Claim, without = astray): WeighedClaim => {
    const claim = modules.index.pointOf(cell);
    return weighClaim(subject, claim, evidence, { ...modules, limitMicronats, without });
  };
  const first = claims.map((claim) => ({ claim, weighed: weigh(claim) }));
  const inDoubt = first.filter(({ claim, weighed }) => weighed.gapMicronats > claim.limitMicronats);
  const final = new Map(first.map(({ claim, weighed }) => [claim.subject, weighed]));
  for (const { claim, weighed } of inDoubt) {
    const worse = inDoubt.filter((other) => other.weighed.gapMicronats > weighed.gapMicronats);
    if (!weighed.law || worse.length === 0) continue;
    const again = weigh(claim, new Set([...astray, ...worse.map((other) => other.claim.subject)]));
    if (again.law) final.set(claim.subject, again);
  }
  return final;
}
