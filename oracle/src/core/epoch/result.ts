import type { Ddbm, ParticipantKind, Verdict } from '@sextant/firmware-bridge/protocol';
import type { LocationVerdict } from '../location/judge-location.ts';
import type { MerkleTree } from '../merkle/merkle-tree.ts';
import type { PackedList } from '../packed/packed-list.ts';

/** A valid link that covers a cell: a transmission from there was heard by the witness. */
export interface CoverageLink {
  /** The witness report that proves it, 32 bytes: a survey device can be heard twice from one cell in one round. */
  readonly reportId: Uint8Array;
  /** The sender's cell at resolution 9. A link from a sender that asserts a coarser cell covers nothing and is not listed. */
  readonly cell: bigint;
  /** Hotspot or survey device key. */
  readonly sender: Uint8Array;
  readonly witness: Uint8Array;
  readonly round: number;
  /** Signal power at the witness, normalised to 14 dBm EIRP. */
  readonly espDdbm: Ddbm;
  readonly snrDdb: number;
  readonly senderKind: 'hotspot' | 'survey_device';
}

/** A coverage link with what its epoch made of it. */
export interface JudgedLink extends CoverageLink {
  /** Report id of the reveal, 32 bytes. */
  readonly transmission: Uint8Array;
  /** Between the centres of the two cells, metres. */
  readonly distanceM: number;
  /** One of the witnesses of its transmission that are paid. Drawn when the epoch is closed; live always false. */
  readonly selected: boolean;
  /** Shares of the witness class it brings; a survey device's transmissions bring shares of cells instead. */
  readonly shares: bigint;
}

export const COVERAGE_STATES = { covered: 1, surveyed_not_covered: 2 } as const;
export type CoverageState = keyof typeof COVERAGE_STATES;

/** What one epoch proves about one hexagon (resolution 9). */
export interface CoverageCell {
  readonly cell: bigint;
  readonly state: CoverageState;
  /** Valid links. */
  readonly links: number;
  /** Different witnesses. */
  readonly witnesses: number;
  /** Best signal power normalised to 14 dBm EIRP; absent when not covered. */
  readonly bestEspDdbm?: Ddbm;
  readonly bestSnrDdb?: number;
  /** Revealed survey transmissions from here. */
  readonly surveyTransmissions: number;
}

export const REWARD_CLASSES = ['validator', 'beaconer', 'witness', 'survey'] as const;
export type RewardClass = (typeof REWARD_CLASSES)[number];

/** One reason why somebody is paid: it can be shown to its owner and recomputed. */
export interface RewardLine {
  readonly rewardClass: RewardClass;
  /** Key of the hotspot, survey device or validator, 32 bytes. */
  readonly key: Uint8Array;
  /** Integer shares of the class before the split. */
  readonly shares: bigint;
  /** Base units (10^-18 token). */
  readonly amount: bigint;
  /** Held until the first valid verdict on the place, then paid or forfeited. Rule set 1 judges no places and holds nothing. */
  readonly held: boolean;
  /**
   * What the shares come from: certified rounds signed (validator), beacons heard (beaconer), paid receptions (witness),
   * surveyed cells (survey).
   */
  readonly count: number;
  /** Density scale of the beacons' senders, their mean rounded down, in 1/10,000; 10,000 where density plays no part. */
  readonly densityScale: number;
  /** Address of 20 bytes; absent while it is held, and where the rule set reads no registry. */
  readonly paidTo?: Uint8Array;
}

export interface OwnerReward {
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  /** Base units paid in this epoch: for it, and what was held before and is due now. */
  readonly amount: bigint;
  /** Base units paid since genesis, this epoch included. */
  readonly cumulative: bigint;
}

/** Pay of earlier epochs for a place that has been proven since. It comes out of this epoch's emission. */
export interface GraceRelease {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Base units. */
  readonly amount: bigint;
  /** Address of 20 bytes; absent where the rule set reads no registry. */
  readonly paidTo?: Uint8Array;
}

/** Whose keys are another's than before the epoch. A rule set that reads no registry changes none. */
export interface KeyChanges {
  /** New keys, and keys with a new owner. By key. */
  readonly owned: readonly {
    readonly key: Uint8Array;
    readonly kind: ParticipantKind;
    /** EVM address, 20 bytes. */
    readonly owner: Uint8Array;
  }[];
  /** Keys that are known no more: their deposit has left. */
  readonly gone: readonly Uint8Array[];
}

/** The names of the roots in a summary; each is the RFC 6962 Merkle root of sorted leaves, `owners` the keccak tree of the contract. */
export const ROOT_NAMES = ['inputs', 'verdicts', 'coverage', 'rewards', 'owners', 'state'] as const;
export type RootName = (typeof ROOT_NAMES)[number];

/** What validators sign. Serialised as RFC 8785 JSON, integers as strings, bytes as lower-case hex, no timestamps. */
export interface EpochSummary {
  readonly network: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly ruleSet: number;
  /** SHA-256, hex. */
  readonly ruleSetId: string;
  /** Version of the core that judges under this rule set: fixed per rule set. */
  readonly coreVersion: string;
  /** One entry a log: what of it counts. */
  readonly cut: readonly { readonly origin: string; readonly size: number; readonly root: string }[];
  /** Up to where the registry of a chain was read: owners are who it says there. Absent where none was. */
  readonly registry?: {
    readonly chainId: number;
    /** Address, hex. */
    readonly registry: string;
    readonly block: number;
    /** Hex. */
    readonly hash: string;
  };
  /** Entropy of each round of the epoch, hex; absent = void round. */
  readonly rounds: readonly { readonly round: number; readonly entropy?: string }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly roots: Readonly<Record<RootName, string>>;
  /** Base units paid and held for this epoch, and paid of what was held before. */
  readonly total: bigint;
  /** Base units of the epoch's emission nobody earned: not minted. */
  readonly unminted: bigint;
  /** SHA-256 of the previous summary, hex; absent for epoch 0. */
  readonly previous?: string;
}

/** Trees below the summary's roots, for proofs: leaves in the order of the lists of the result. */
export interface EpochTrees {
  readonly inputs: MerkleTree;
  readonly verdicts: MerkleTree;
  readonly coverage: MerkleTree;
  readonly rewards: MerkleTree;
  readonly state: MerkleTree;
}

export interface EpochResult<State> {
  readonly summary: EpochSummary;
  /** RFC 8785 JSON of the summary. */
  readonly summaryJson: string;
  /** SHA-256 of the summary's canonical JSON. */
  readonly summaryHash: Uint8Array;
  /** By report id. */
  readonly verdicts: PackedList<Verdict>;
  /** By id of the witness report. */
  readonly links: PackedList<JudgedLink>;
  /** By cell. */
  readonly coverage: readonly CoverageCell[];
  /** By class, then key. */
  readonly rewards: readonly RewardLine[];
  /** By address. */
  readonly owners: readonly OwnerReward[];
  /** On the hotspots that have a place, by key. Empty where the rule set does not judge places. */
  readonly locations: readonly LocationVerdict[];
  /** What was held in earlier epochs and is paid in this one. By key. */
  readonly releases: readonly GraceRelease[];
  readonly keys: KeyChanges;
  readonly trees: EpochTrees;
  readonly state: State;
}
