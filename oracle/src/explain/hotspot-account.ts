import { equalBytes } from '@sextant/firmware-bridge/protocol';
import type { EpochResult, EpochState, GraceRelease, LocationVerdict, RewardLine, Standing } from '../core/index.ts';
import { type Ownership, ownershipOf } from './ownership.ts';

/** Everything an epoch found out about one key's place. */
export interface HotspotAccount {
  readonly key: Uint8Array;
  readonly epoch: number;
  /** The rule set judges no places, or the key has none. */
  readonly location?: LocationVerdict;
  /** After the epoch; absent for a key the network does not know. */
  readonly standing?: Standing;
  readonly rewards: readonly RewardLine[];
  readonly release?: GraceRelease;
  /** Absent while no registry has been read. */
  readonly ownership?: Ownership;
}

/** What a closed epoch says about a key. */
export function accountOf(result: EpochResult<EpochState>, key: Uint8Array): HotspotAccount {
  const isIts = (item: { readonly key: Uint8Array }): boolean => equalBytes(item.key, key);
  const location = result.locations.find(isIts);
  const place = result.state.places.find(isIts);
  const release = result.releases.find(isIts);
  const ownership = ownershipOf(result, key);
  return {
    key,
    epoch: result.summary.epoch,
    ...(location ? { location } : {}),
    ...(place ? { standing: place.standing } : {}),
    rewards: result.rewards.filter(isIts),
    ...(release ? { release } : {}),
    ...(ownership ? { ownership } : {}),
  };
}
