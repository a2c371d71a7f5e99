import type { Claim } from './claims.ts';
import { type WeighedClaim, type WeighingModules, weighClaim } from './weigh-claim.ts';

/**
 * Weighs all claims, by subject. A place that comes out in doubt is weighed once more without those who are more in doubt than
 * it is: when many are carried away at once, what they hear from elsewhere speaks against those who stayed.
 */
export function weighClaims(
  claims: readonly Claim[],
  modules: Omit<WeighingModules, 'limitMicronats'>,
): ReadonlyMap<number, WeighedClaim> {
  const { index, without } = modules;
  const weigh = ({ subject, cell, evidence, limitMicronats }: Claim, worse: readonly number[]): WeighedClaim => {
    const unasked = new Set([...without, ...worse]);
    return weighClaim(subject, index.pointOf(cell), evidence, { ...modules, limitMicronats, without: unasked });
  };
  const first = claims.map((claim) => ({ claim, weighed: weigh(claim, []) }));
  const inDoubt = first.filter(({ claim, weighed }) => weighed.gapMicronats > claim.limitMicronats);
  const final = new Map(first.map(({ claim, weighed }) => [claim.subject, weighed]));
  for (const { claim, weighed } of inDoubt) {
    const worse = first.filter((other) => other.weighed.gapMicronats > weighed.gapMicronats);
    if (!weighed.law || worse.length === 0) continue;
    const again = weigh(
      claim,
      worse.map((other) => other.claim.subject),
    );
    if (again.law) final.set(claim.subject, again);
  }
  return final;
}
