import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { splitByShares } from '../../rewards/largest-remainder.ts';
import type { RuleSet2 } from '../../ruleset/index.ts';
import { graceAfter } from '../../trust/index.ts';
import type { RewardLine } from '../result.ts';
import type { PlaceState } from '../state/place-state.ts';
import type { JudgedPlaces } from './judge-places.ts';

type Places = Pick<JudgedPlaces, 'locations' | 'places' | 'payByKey'>;

/**
 * What is paid in this epoch of what was held in earlier ones, by the hex of the key: everything held for places that are
 * proven now, as far as the part of the emission reaches that is set aside for it, else in proportion. What is left waits
 * for the next epoch: no epoch may mint more than its emission.
 */
export function dueReleases({ locations, places }: Places, emission: bigint, ruleSet: RuleSet2): Map<string, bigint> {
  const proven = new Set(locations.flatMap(({ key, outcome }) => (outcome === 'valid' ? [bytesToHex(key)] : [])));
  const claims = places
    .filter(({ key, standing }) => standing.grace.held > 0n && proven.has(bytesToHex(key)))
    .map(({ key, standing }) => ({ key, shares: standing.grace.held }));
  const held = claims.reduce((sum, { shares }) => sum + shares, 0n);
  const most = (emission * BigInt(ruleSet.grace.releasePercent)) / 100n;
  const parts = splitByShares(held < most ? held : most, claims);
  return new Map(claims.map(({ key }, i) => [bytesToHex(key), parts[i] as bigint]));
}

/**
 * The standings after an epoch's pay: what was earned while nothing was proven is added to what is held; a first valid
 * verdict ends the grace and releases it, and time or a refutation forfeits it. The grace of a key begins with the first
 * epoch in which it can earn.
 */
export function settleGrace(
  { locations, places, payByKey }: Places,
  paid: { readonly lines: readonly RewardLine[]; readonly releases: ReadonlyMap<string, bigint> },
  ruleSet: RuleSet2,
): PlaceState[] {
  const due = new Map<string, bigint>();
  for (const { key, amount, held } of paid.lines) {
    const name = bytesToHex(key);
    if (held) due.set(name, (due.get(name) ?? 0n) + amount);
  }
  const outcomes = new Map(locations.map(({ key, outcome }) => [bytesToHex(key), outcome]));
  return places.map((place): PlaceState => {
    const name = bytesToHex(place.key);
    const outcome = outcomes.get(name);
    const { grace } = place.standing;
    const hasBegun = grace.epochs > 0 || (payByKey.get(name)?.share ?? 0) > 0;
    if (outcome === undefined || (!hasBegun && outcome !== 'valid')) return place;
    const after = graceAfter(grace, outcome, due.get(name) ?? 0n, ruleSet.rewards.insufficientEpochs);
    const left = outcome === 'valid' ? grace.held - (paid.releases.get(name) ?? 0n) : 0n;
    const next = left > 0n ? { ...after.grace, held: left } : after.grace;
    return { ...place, standing: { ...place.standing, grace: next } };
  });
}
