import {
  bytesToHex,
  type ChainAnchor,
  type LocationAssertion,
  type Reason,
  roundOfSlot,
  type Verdict,
} from '@sextant/firmware-bridge/protocol';
import type { StandingAccusation } from '../../location/evidence.ts';
import { judgeAssertion, OUTCOME_OF_REASON, type Participant, type Recorded } from '../../rules/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import { AFTER_ALL_SLOTS } from '../facts/sightings.ts';
import type { ParticipantState, StandingStatement } from '../state/epoch-state.ts';
import { Appeals } from './appeals.ts';
import { reportIn } from './report-in.ts';
import { anchorAt, assertionAt, type MadeStatement, resolveStatements, type StatementHistory } from './statements.ts';
import { type MadeSuccessor, type ResolvedSuccessions, resolveSuccessions, type Succession } from './successions.ts';

/** Who a key is in this epoch. */
interface Identity {
  /** Hex of the key. */
  readonly name: string;
  /** Its own, or its predecessor's when it inherits in this epoch. */
  readonly state: ParticipantState | undefined;
  readonly inherited: Succession | undefined;
  readonly participant: Participant | undefined;
  readonly fromRound: number;
  /** Another key has taken over by then. */
  readonly untilRound: number | undefined;
  history: StatementHistory | undefined;
}

/**
 * What the opening state and the facts so far say about keys. Everything is worked out when it is asked for and kept
 * until it is forgotten: what is asked for first makes no difference.
 */
export class Knowledge {
  readonly #context: EpochContext;
  readonly #facts: EpochFacts;
  readonly #identities = new Map<Uint8Array, Identity>();
  readonly #histories = new Map<string, StatementHistory>();
  readonly #judgedSuccessors = new Map<string, Verdict>();
  readonly #appeals: Appeals;
  #successions: ResolvedSuccessions | undefined;

  constructor(context: EpochContext, facts: EpochFacts) {
    this.#context = context;
    this.#facts = facts;
    this.#appeals = new Appeals(context, facts);
  }

  /** An invitation, a registry record or a successor has come: who is who may have changed, and so everything else. */
  forgetKeys(): void {
    this.#successions = undefined;
    this.#identities.clear();
    this.forgetStatements();
  }

  /** A location assertion or chain anchor has come, or more of where one stands. */
  forgetStatements(): void {
    this.#histories.clear();
    for (const identity of this.#identities.values()) identity.history = undefined;
  }

  /** The facts every judgement of a report starts from. `round` is the one the report is about. */
  recorded(row: number, round: number): Recorded {
    const placed = this.#placed(row);
    const participant = this.participantAt(placed.reporter, round);
    return participant ? withParticipant(placed, participant) : placed;
  }

  /** Without who the reporter is. */
  #placed(row: number): Recorded {
    const { reports } = this.#facts;
    const { ruleSet, timing, epoch } = this.#context;
    return {
      ruleSet,
      timing,
      reportId: reports.idOf(row),
      reporter: reports.reporterOf(row),
      batchNameConflict: reports.hasNameConflict(row),
      cutEpoch: epoch,
      lastClosedSlot: reports.lastClosedSlotOf(row),
    };
  }

  /**
   * The same for what takes effect later: what f + 1 logs do not hold by the cut counts as written at the cut, so that an
   * assertion that reached some logs too late is delayed, not lost.
   */
  #placedByCut(row: number): Recorded {
    const placed = this.#placed(row);
    return placed.lastClosedSlot === AFTER_ALL_SLOTS ? { ...placed, lastClosedSlot: this.#context.cutSlot } : placed;
  }

  /** Who a key is; remembered by the array, of which `ReportFacts` has one a key. */
  #identityOf(key: Uint8Array): Identity {
    const known = this.#identities.get(key);
    if (known) return known;
    const name = bytesToHex(key);
    const { byOldKey, byNewKey } = this.successions();
    const inherited = byNewKey.get(name);
    const state = this.#facts.known.find(inherited?.oldKey ?? key);
    const identity: Identity = {
      name,
      state,
      inherited,
      participant: state && { kind: state.kind, owner: state.owner },
      fromRound: inherited?.fromRound ?? state?.fromRound ?? 0,
      untilRound: inherited ? undefined : (state?.successor?.fromRound ?? byOldKey.get(name)?.fromRound),
      history: undefined,
    };
    this.#identities.set(key, identity);
    return identity;
  }

  /** A key that may take part in the round. */
  participantAt(key: Uint8Array, round: number): Participant | undefined {
    const { participant, fromRound, untilRound } = this.#identityOf(key);
    return round < fromRound || (untilRound !== undefined && round >= untilRound) ? undefined : participant;
  }

  /** Its own state, or its predecessor's when it inherits in this epoch. */
  stateOf(key: Uint8Array): ParticipantState | undefined {
    return this.#identityOf(key).state;
  }

  /** Neither frozen in the registry nor without the deposit that made it known. */
  mayEarn(key: Uint8Array): boolean {
    const state = this.stateOf(key);
    return state !== undefined && this.#facts.known.mayEarn(state);
  }

  /** A grant to the key, or to the one it inherits from, is in force in this epoch. */
  isGranted(key: Uint8Array): boolean {
    const { epoch } = this.#context;
    const { inherited } = this.#identityOf(key);
    const { grants } = this.#facts;
    return (
      grants.isGranted(key, 'survey_device', epoch) ||
      (inherited !== undefined && grants.isGranted(inherited.oldKey, 'survey_device', epoch))
    );
  }

  assertionAt(key: Uint8Array, round: number): Of<LocationAssertion> | undefined {
    return assertionAt(this.historyOf(key).standing, round) as Of<LocationAssertion> | undefined;
  }

  anchorAt(key: Uint8Array, round: number, index: number): Of<ChainAnchor> | undefined {
    return anchorAt(this.historyOf(key).standing, round, index) as Of<ChainAnchor> | undefined;
  }

  historyOf(key: Uint8Array): StatementHistory {
    const identity = this.#identityOf(key);
    if (identity.history) return identity.history;
    const history = this.#histories.get(identity.name) ?? this.#resolve(identity);
    this.#histories.set(identity.name, history);
    identity.history = history;
    return history;
  }

  #resolve({ name, state, inherited }: Identity): StatementHistory {
    const predecessor = inherited && this.historyOf(inherited.oldKey);
    const base = {
      kind: state?.kind ?? 'hotspot',
      lastNumber: predecessor?.lastNumber ?? state?.lastNumber ?? 0,
      statements: predecessor?.standing ?? state?.statements ?? [],
    } as const;
    const rows = this.#facts.statementRowsOf(name);
    // Who makes more statements than anybody needs has made none: what they cost is bounded, and nobody else pays for it.
    if (rows.length > this.#context.ruleSet.epoch.statements) {
      return { lastNumber: base.lastNumber, standing: base.statements, verdicts: new Map() };
    }
    const made = rows.map((row) => this.#madeStatement(row));
    return resolveStatements(base, made);
  }

  /** Verdict on a location assertion or chain anchor. */
  judgeStatement(row: number): Verdict {
    const verdict = this.historyOf(this.#facts.reports.reporterOf(row)).verdicts.get(row);
    if (verdict) return verdict;
    const { report, recorded } = this.#madeStatement(row);
    return judgeAssertion({ ...recorded, report, numberConflict: true });
  }

  #madeStatement(row: number): MadeStatement {
    const placed = this.#placedByCut(row);
    const participant = this.participantAt(placed.reporter, roundWritten(placed));
    const recorded = participant ? withParticipant(placed, participant) : placed;
    return { row, report: reportIn(this.#facts, row, 'location_assertion', 'chain_anchor'), recorded };
  }

  successions(): ResolvedSuccessions {
    if (this.#successions) return this.#successions;
    const made: MadeSuccessor[] = this.#facts.successorRows.map((row) => ({
      row,
      report: reportIn(this.#facts, row, 'successor'),
      recorded: this.#recordedMaker(row),
    }));
    this.#successions = resolveSuccessions(made, {
      networkId: this.#context.network.networkId,
      limit: this.#context.ruleSet.epoch.successors,
      find: (key) => this.#facts.known.find(key),
      known: this.#judgedSuccessors,
    });
    return this.#successions;
  }

  /** With who the maker of a successor is: by state, invitations and registry, whatever it is handing over. */
  #recordedMaker(row: number): Recorded {
    const placed = this.#placedByCut(row);
    const state = this.#facts.known.find(placed.reporter);
    const round = roundWritten(placed);
    if (!state || round < state.fromRound || (state.successor && round >= state.successor.fromRound)) return placed;
    return withParticipant(placed, { kind: state.kind, owner: state.owner });
  }

  /** What stands against a key after the epoch's appeals and reviews, before its evidence. */
  accusationsOf(key: Uint8Array): readonly StandingAccusation[] {
    return this.#appeals.accusationsAfter(key, (row) => this.#recordedNow(row));
  }

  /** A successor, an appeal, or a gateway's status: that one counts when its signer is a participant. */
  judgeOther(row: number): Verdict {
    const successor = this.successions().verdicts.get(row);
    if (successor) return successor;
    const appeal = this.#appeals.judge(row, (other) => this.#recordedNow(other));
    if (appeal) return appeal;
    const placed = this.#placedByCut(row);
    const { reportId, reporter } = placed;
    const round = roundWritten(placed);
    const reason = this.#reasonOfStatus(placed, round);
    const outcome = reason === 'none' ? 'valid' : OUTCOME_OF_REASON[reason];
    return { subject: 'other', reportId, reporter, round, outcome, reason, checks: [] };
  }

  #recordedNow(row: number): Recorded {
    const placed = this.#placedByCut(row);
    const participant = this.participantAt(placed.reporter, roundWritten(placed));
    return participant ? withParticipant(placed, participant) : placed;
  }

  #reasonOfStatus({ reporter, batchNameConflict }: Recorded, round: number): Reason {
    if (!this.participantAt(reporter, round)) return 'unknown_key';
    return batchNameConflict ? 'batch_name_conflict' : 'none';
  }
}

/** By hand: spreading is what judging a hundred thousand links would spend its time on. */
function withParticipant(placed: Recorded, participant: Participant): Recorded {
  const { ruleSet, timing, reportId, reporter, batchNameConflict, cutEpoch, lastClosedSlot } = placed;
  return { ruleSet, timing, reportId, reporter, participant, batchNameConflict, cutEpoch, lastClosedSlot };
}

/** The round of the slot mark it precedes. */
function roundWritten({ timing, lastClosedSlot }: Recorded): number {
  return roundOfSlot(timing, lastClosedSlot + 1);
}

type Of<R> = StandingStatement & { readonly report: R };
