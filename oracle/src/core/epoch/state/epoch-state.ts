import type {
  ChainAnchor,
  Genesis,
  GrantKind,
  LocationAssertion,
  ParticipantKind,
  Timing,
  ValidatorEntry,
} from '@sextant/firmware-bridge/protocol';
import { EMPTY_REGISTRY, type RegistryState } from '../../registry/registry-state.ts';
import type { LinkGeneration, PlaceState } from './place-state.ts';

/** Everything an epoch starts from and nothing else: what the earlier ones have proven. A value, never changed. */
export interface EpochState {
  readonly network: Network;
  /** The epoch this state opens. */
  readonly epoch: number;
  /**
   * SHA-256 of the summary of the epoch before; absent for epoch 0. The state's root does not cover it: that summary
   * covers the root.
   */
  readonly previousSummary?: Uint8Array;
  /** By origin. */
  readonly logs: readonly LogState[];
  /** Seen before the epoch they are for. By round, then entropy. */
  readonly certificates: readonly StandingCertificate[];
  /** By key. */
  readonly participants: readonly ParticipantState[];
  /** By key, kind and validator. */
  readonly grants: readonly StandingGrant[];
  /** Covered within the last day's epochs. By cell. */
  readonly freshCells: readonly FreshCell[];
  /** Reports that stand in a closed cut and are judged in this epoch. By reporter, then report. */
  readonly carried: readonly CarriedReport[];
  /** Everybody ever paid, by address. */
  readonly owners: readonly OwnerTotal[];
  /** What the last epochs have judged, oldest first: a report is judged once. */
  readonly judged: readonly JudgedReports[];
  /** What is known about places, by key. Empty where the rule set does not judge them. */
  readonly places: readonly PlaceState[];
  /** The links places are judged by, oldest generation first. Empty where the rule set does not judge them. */
  readonly window: readonly LinkGeneration[];
  /** Empty where the rule set does not read it. */
  readonly registry: RegistryState;
}

export interface Network {
  readonly networkId: string;
  readonly ruleSet: number;
  readonly ruleSetId: Uint8Array;
  readonly timing: Timing;
  readonly validators: readonly ValidatorEntry[];
}

/** How far a log is part of the closed epochs. */
export interface LogState {
  readonly origin: string;
  /** Place in `network.validators` of who keeps the log; −1: it is no log of this network, and says nothing. */
  readonly validator: number;
  readonly size: number;
  /** RFC 6962 root at that size, 32 bytes. */
  readonly root: Uint8Array;
  /** Newest slot with a mark in it, −1 = none. */
  readonly lastClosedSlot: number;
}

/** Where a validator's logs have something: the newest slot closed before it. */
export interface Sighting {
  readonly validator: number;
  readonly lastClosedSlot: number;
}

export interface StandingCertificate {
  readonly round: number;
  readonly entropy: Uint8Array;
  /** Validators whose signatures it bears, ascending places in `network.validators`. */
  readonly signers: readonly number[];
  /** One a validator, ascending. */
  readonly sightings: readonly Sighting[];
}

export interface ParticipantState {
  readonly key: Uint8Array;
  readonly kind: ParticipantKind;
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  /** Of the invitation; a code makes one key known. Absent for a key that was handed its predecessor's history. */
  readonly codeHash?: Uint8Array;
  /** Nothing but a deposit in the registry makes it known: without one it is known no more. */
  readonly byDeposit?: true;
  /** The key may take part from this round on. */
  readonly fromRound: number;
  /** The key has handed over: from `fromRound` on the other one is the participant. */
  readonly successor?: { readonly key: Uint8Array; readonly fromRound: number };
  /** Highest number of a location assertion or chain anchor it has used, 0 = none. */
  readonly lastNumber: number;
  /** In force or yet to come into force, by number. */
  readonly statements: readonly StandingStatement[];
  /** Survey device: highest index spent, −1 = none. */
  readonly lastIndex: number;
  /** Where it settled last, and the first epoch in which it is paid again. */
  readonly home?: { readonly cell: bigint; readonly paidFromEpoch: number };
}

export interface StandingStatement {
  readonly reportId: Uint8Array;
  readonly report: LocationAssertion | ChainAnchor;
  readonly fromRound: number;
  /** Another statement with its number came later: it is void from this round on. */
  readonly voidFromRound?: number;
  /** The newest link of its chain that is known: at first 0 and the anchor. Absent for a receive-only hotspot. */
  readonly chain?: ChainPosition;
}

export interface ChainPosition {
  readonly position: number;
  readonly link: Uint8Array;
}

/** What one validator grants a key. A grant is in force where M validators say so. */
export interface StandingGrant {
  readonly key: Uint8Array;
  readonly grant: GrantKind;
  readonly validator: number;
  readonly lastEpoch: number;
}

export interface FreshCell {
  /** Resolution 9. */
  readonly cell: bigint;
  readonly lastEpoch: number;
}

export interface CarriedReport {
  readonly reporter: Uint8Array;
  /** Canonical encoding of the report. */
  readonly report: Uint8Array;
  /** One a validator, ascending. */
  readonly sightings: readonly Sighting[];
}

export interface OwnerTotal {
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  /** Base units since genesis. */
  readonly cumulative: bigint;
}

export interface JudgedReports {
  readonly epoch: number;
  /** First eight bytes of each report id, ascending, one behind the other. */
  readonly prefixes: Uint8Array;
}

/** The state that opens epoch 0 of a network. */
export function createGenesisState(genesis: Genesis): EpochState {
  const { networkId, ruleSet, ruleSetId, timing, validators } = genesis;
  return {
    network: { networkId, ruleSet, ruleSetId, timing, validators },
    epoch: 0,
    logs: [],
    certificates: [],
    participants: [],
    grants: [],
    freshCells: [],
    carried: [],
    owners: [],
    judged: [],
    places: [],
    window: [],
    registry: EMPTY_REGISTRY,
  };
}
