import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import {
  epochCutMs,
  firstSlotOfRound,
  roundsPerEpoch,
  type Sha256Into,
  slotAt,
  type Timing,
  type VerifySignature,
} from '@sextant/firmware-bridge/protocol';
import type { CellCache } from '../geometry/cell-cache.ts';
import type { Sha256 } from '../merkle/tree-hasher.ts';
import type { RuleSet } from '../ruleset/index.ts';
import type { EpochState, Network } from './state/epoch-state.ts';

/** What an epoch is judged with. */
export interface EpochModules {
  /** ZIP-215, native or not: the verdict is the same. */
  readonly verify: VerifySignature;
  /** A native SHA-256 saves a third of the time an epoch takes; the portable one otherwise. The hash is the same. */
  readonly sha256?: Sha256Into;
  /** Remembers the centres of cells from epoch to epoch; its owner bounds it. */
  readonly cells: CellCache;
  /**
   * At least 16 bytes that nobody can foresee. Only where things lie in memory depends on them: they keep strangers from
   * choosing reports that pile up there.
   */
  readonly salt: Uint8Array;
}

/** An open epoch: what stays the same while it is. */
export interface EpochContext extends Omit<EpochModules, 'sha256'> {
  readonly sha256: Sha256;
  readonly state: EpochState;
  readonly network: Network;
  readonly timing: Timing;
  readonly ruleSet: RuleSet;
  readonly epoch: number;
  readonly firstRound: number;
  /** Of the next epoch. */
  readonly nextFirstRound: number;
  /** The slot the cut is due in. */
  readonly cutSlot: number;
  /**
   * Closed in every honest log when the next epoch begins, clocks erring by W: a report about a transmission of the next
   * epoch stands behind this slot's mark.
   */
  readonly carrySlot: number;
}

export function createEpochContext(state: EpochState, ruleSet: RuleSet, modules: EpochModules): EpochContext {
  const { network, epoch } = state;
  const { timing } = network;
  const firstRound = epoch * roundsPerEpoch(timing);
  const nextFirstRound = firstRound + roundsPerEpoch(timing);
  const nextFirstSlot = firstSlotOfRound(timing, nextFirstRound);
  return {
    ...modules,
    sha256: modules.sha256 ? returning(modules.sha256) : portableSha256,
    state,
    network,
    timing,
    ruleSet,
    epoch,
    firstRound,
    nextFirstRound,
    cutSlot: slotAt(timing, epochCutMs(timing, epoch)),
    carrySlot: nextFirstSlot - 1 - Math.ceil((2 * timing.clockMarginMs) / timing.slotMs),
  };
}

function returning(sha256: Sha256Into): Sha256 {
  return (bytes) => {
    const digest = new Uint8Array(32);
    sha256(bytes, digest);
    return digest;
  };
}
