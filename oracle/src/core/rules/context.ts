import type {
  Appeal,
  BeaconReport,
  ChainAnchor,
  Ddb,
  Ddbm,
  Hertz,
  LocationAssertion,
  ParticipantKind,
  SigningDomain,
  Successor,
  SurveyReport,
  Timing,
  UnixMs,
  Verdict,
  WitnessReport,
} from '@sextant/firmware-bridge/protocol';
import type { StandingAccusation } from '../location/evidence.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { RuleSet } from '../ruleset/rule-set.ts';

/** A key that may take part, as of the report's round. */
export interface Participant {
  readonly kind: ParticipantKind;
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
}

/** What is known about any report, before it is read. Plain values: whoever has the logs puts them together. */
export interface Recorded {
  readonly ruleSet: RuleSet;
  readonly timing: Timing;
  readonly reportId: Uint8Array;
  /** Signer of the envelope. */
  readonly reporter: Uint8Array;
  /** Absent: nobody made this key known. */
  readonly participant?: Participant;
  /** Two different batches bear the name of the batch this report came in. */
  readonly batchNameConflict: boolean;
  /** Epoch of the first accepted cut that contains the report; live: the open epoch. */
  readonly cutEpoch: number;
  /**
   * Newest slot whose mark stands before the report, −1 = none. With several logs: the (f+1)-th smallest of what each
   * log says, where a log without the report says infinity. So the report stands before the mark of slot s in at
   * least f+1 logs exactly when `lastClosedSlot < s`.
   */
  readonly lastClosedSlot: number;
}

/**
 * A hash chain as far as it is known. `known` is link 0 (the anchor) or any link already verified below the one to be
 * judged: judge a sender's reports in ascending order and pass the last good link, and each costs one hash.
 */
export interface KnownChain {
  /** The round (hotspot) or index (survey device) that link 1 opens. */
  readonly first: number;
  readonly known: { readonly position: number; readonly link: Uint8Array };
}

interface TransmissionRecorded extends Recorded {
  readonly networkId: string;
  /** Absent: no assertion, or no chain anchor, in force. */
  readonly chain?: KnownChain;
  /** Of the certificate of the report's round; absent: the round is void. */
  readonly entropy?: Uint8Array;
  /** The sender signed another report for this round (hotspot) or index (survey device). */
  readonly duplicate: boolean;
}

export interface BeaconContext extends TransmissionRecorded {
  readonly report: BeaconReport;
  /** In force in the report's round, and judged valid. */
  readonly assertion?: LocationAssertion;
}

export interface SurveyContext extends TransmissionRecorded {
  readonly report: SurveyReport;
  /** The newest valid anchor at or below the report's index. */
  readonly anchor?: ChainAnchor;
  /** A survey grant for the sender is in force in the epoch of the report's round. */
  readonly granted: boolean;
}

export type TransmissionContext = BeaconContext | SurveyContext;

/** What follows from a revealed transmission: what witnesses are compared with. */
export interface TransmissionFacts {
  readonly sender: Uint8Array;
  readonly senderKind: ParticipantKind;
  readonly owner: Uint8Array;
  readonly round: number;
  /** The slot it was due in; for a survey device the slot it was sent in. */
  readonly slot: number;
  readonly cell: bigint;
  /** 4 bytes. */
  readonly tag: Uint8Array;
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  readonly frequencyHz: Hertz;
  readonly spreadingFactor: number;
  readonly bandwidthHz: Hertz;
  readonly sentAtMs: UnixMs;
  /** Rounded up. */
  readonly airtimeMs: number;
  /** Best estimate: the power the gateway says it used, else the power asked for; antenna gain included. */
  readonly eirpDdbm: Ddbm;
  /** The most it can have been: the power the gateway says, else the highest declared level; antenna gain included. */
  readonly eirpCeilingDdbm: Ddbm;
  /** Highest point the antenna may be at, metres, for the radio horizon. A survey device tells no altitude. */
  readonly horizonHeightM: number;
}

export interface TransmissionJudgement {
  readonly verdict: Verdict;
  /** Present as soon as the reveal opens its secret, whatever the verdict: its witnesses can then be told. */
  readonly facts?: TransmissionFacts;
}

export interface JudgedTransmission {
  readonly verdict: Verdict;
  readonly facts: TransmissionFacts;
}

export interface LinkContext extends Recorded {
  readonly report: WitnessReport;
  /**
   * The transmission whose tag the report bears. Where several bear it: the one whose nonce gives the commitment, else
   * the first by report id. Absent: nobody revealed one.
   */
  readonly transmission?: JudgedTransmission;
  /** The witness's, in force in the transmission's round, and judged valid. */
  readonly assertion?: LocationAssertion;
  /** The witness signed another report with this commitment and other contents. */
  readonly conflicting: boolean;
}

/** What a valid link measures. */
export interface LinkFacts {
  /** Between the centres of the two cells. */
  readonly distanceM: number;
  /** Power of the signal alone at the witness's radio. */
  readonly espDdbm: Ddbm;
  /** The same, had the sender used 14 dBm EIRP. */
  readonly referenceEspDdbm: Ddbm;
  readonly snrDdb: Ddb;
  /** EIRP + the witness's antenna gain − ESP. */
  readonly pathLossDdb: Ddb;
  /** Free-space loss over `distanceM`. */
  readonly freeSpaceLossDdb: Ddb;
  /** From the end of the frame by the sender's clock to its reception by the witness's, ms. */
  readonly delayMs: number;
}

export interface LinkJudgement {
  readonly verdict: Verdict;
  /** Present exactly when the verdict is valid. */
  readonly link?: LinkFacts;
}

export interface AssertionContext extends Recorded {
  /** A hotspot's place, or a survey device's chain anchor. */
  readonly report: LocationAssertion | ChainAnchor;
  /** The key signed another assertion (or anchor) with this number and other contents. */
  readonly numberConflict: boolean;
}

export interface SuccessorContext extends Recorded {
  readonly networkId: string;
  readonly report: Successor;
  /** The contract of the network, or `chainlessDomain(networkId)`. */
  readonly signingDomain: SigningDomain;
  /** The new key takes part already, or did. */
  readonly newKeyKnown: boolean;
}

export interface AppealContext extends Recorded {
  readonly networkId: string;
  readonly signingDomain: SigningDomain;
  readonly report: Appeal;
  /** What stands against the reporter when the epoch opens, with the appeals of the epoch judged before this one. */
  readonly accusations: readonly StandingAccusation[];
  readonly numbers: Pick<TrustNumbers, 'accusation'>;
  /** See `isAppealOfOwner`; asked only when all else is well. */
  readonly isOwners: () => boolean;
}
