import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { RuleSet2 } from '../../ruleset/index.ts';
import { graceAfter } from '../../trust/index.ts';
import type { GraceRelease, RewardLine } from '../result.ts';
import type { PlaceState } from '../state/place-state.ts';
import type { JudgedPlaces } from './judge-places.ts';

/**
 * The standings after an epoch's pay: what was earned while nothing was proven is added to what is held; a first valid
 * verdict releases it, and time or a refutation forfeits it. The grace of a key begins with the first epoch in which it
 * takes part.
 */
export function settleGrace(
  { locations, places, payByKey }: Pick<JudgedPlaces, 'locations' | 'places' | 'payByKey'>,
  lines: readonly RewardLine[],
  ruleSet: RuleSet2,
): { readonly places: readonly PlaceState[]; readonly releases: readonly GraceRelease[] } {
  const due = new Map<string, bigint>();
  for (const { key, amount, held } of lines) {
    const name = bytesToHex(key);
    if (held) due.set(name, (due.get(name) ?? 0n) + amount);
  }
  const outcomes = new Map(locations.map(({ key, outcome }) => [bytesToHex(key), outcome]));
  const releases: GraceRelease[] = [];
  const settled = places.map((place): PlaceState => {
    const name = bytesToHex(place.key);
    const outcome = outcomes.get(name);
    const { grace } = place.standing;
    const hasBegun = grace.epochs > 0 || (payByKey.get(name)?.share ?? 0) > 0;
    if (outcome === undefined || (!hasBegun && outcome !== 'valid')) return place;
    const after = graceAfter(grace, outcome, due.get(name) ?? 0n, ruleSet.rewards.insufficientEpochs);
    const { paid, forfeited } = after;
    if (paid > 0n || forfeited > 0n) releases.push({ key: place.key, paid, forfeited });
    return { ...place, standing: { ...place.standing, grace: after.grace } };
  });
  return { places: settled, releases };
}
