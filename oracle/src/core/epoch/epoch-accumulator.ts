import { bytesToHex, equalBytes, readUint32, type Verdict } from '@sextant/firmware-bridge/protocol';
import { coveredCell } from '../coverage/covered-cell.ts';
import type { LinkJudgement } from '../rules/index.ts';
import type { RuleSet } from '../ruleset/index.ts';
import { closeEpoch } from './close/close-epoch.ts';
import type { EpochCut } from './close/epoch-cut.ts';
import { createEpochContext, type EpochContext, type EpochModules } from './epoch-context.ts';
import { type AddedEntry, EpochFacts } from './facts/epoch-facts.ts';
import type { LogPosition } from './facts/log-book.ts';
import { EpochJudge, type OpenTransmission } from './judge/epoch-judge.ts';
import { Knowledge } from './known/knowledge.ts';
import type { EpochResult, JudgedLink } from './result.ts';
import type { EpochState } from './state/epoch-state.ts';

/** What is known of a report while its epoch is open: a later entry can still change it. */
export interface ProvisionalJudgement {
  readonly verdict: Verdict;
  /** Of a reveal: every witness report of it so far. */
  readonly links: readonly ProvisionalLink[];
  /** Of a witness report that is valid: its link, when it covers a cell. */
  readonly link?: JudgedLink;
}

export interface ProvisionalLink {
  readonly verdict: Verdict;
  /** Of a valid link that covers a cell. */
  readonly link?: JudgedLink;
}

/** One epoch, from its first entry to its cut. */
export interface EpochAccumulator {
  readonly epoch: number;
  /** Ids of the reports that wait since the epoch before: to be judged here like those added. */
  readonly carried: readonly Uint8Array[];
  /**
   * Takes the next entry of a log; the logs may be interleaved in any way. A bad entry is refused and counts as read.
   * Throws RangeError when the entry is not its log's next.
   */
  add(position: LogPosition, entry: Uint8Array): AddedEntry;
  /**
   * The verdict on a report as far as it can be told now, and for a reveal the verdicts on everybody who heard it. A
   * witness report is compared with the reveals asked for so far, as they were judged then. Undefined for a report that is not in this epoch, or is judged in the next one.
   */
  judge(reportId: Uint8Array): ProvisionalJudgement | undefined;
  /** Judges everything anew and closes the epoch. The entries added must be exactly those of the cut (RangeError). */
  close(cut: EpochCut): EpochResult<EpochState>;
}

/** Opens the epoch that follows a state. Throws RangeError for another rule set than the network's. */
export function openEpoch(state: EpochState, ruleSet: RuleSet, modules: EpochModules): EpochAccumulator {
  if (ruleSet.number !== state.network.ruleSet || !equalBytes(ruleSet.id, state.network.ruleSetId)) {
    throw new RangeError(`the network's rule set is ${bytesToHex(state.network.ruleSetId)}`);
  }
  const context = createEpochContext(state, ruleSet, modules);
  const facts = new EpochFacts(context);
  const live = createLiveJudge(context, facts);
  return {
    epoch: state.epoch,
    carried: state.carried.map((_, row) => facts.reports.idOf(row)),
    add(position, entry) {
      const added = facts.add(position, entry);
      live.notice(added);
      return added;
    },
    judge: (reportId) => live.judge(reportId),
    close: (cut) => closeEpoch(context, facts, cut),
  };
}

interface LiveJudge {
  notice(added: AddedEntry): void;
  judge(reportId: Uint8Array): ProvisionalJudgement | undefined;
}

function createLiveJudge(context: EpochContext, facts: EpochFacts): LiveJudge {
  const knowledge = new Knowledge(context, facts);
  const judge = new EpochJudge(context, facts, knowledge);
  let carried = context.state.carried.length;
  let conflicts = 0;
  /** Carried reveals of this epoch came before anybody could ask for them. */
  const openCarried = (): void => {
    for (let row = 0; row < carried; row++) {
      if (isReveal(facts, row)) judge.judgeTransmission(row);
    }
    carried = 0;
  };

  return {
    notice(added) {
      const kinds = new Set(added.kind === 'batch' ? added.reports.map(({ report }) => report.kind) : []);
      if (makesKeysKnown(added) || kinds.has('successor') || facts.reports.conflicts > conflicts) {
        conflicts = facts.reports.conflicts;
        knowledge.forgetKeys();
      } else if (kinds.has('location_assertion') || kinds.has('chain_anchor')) {
        knowledge.forgetStatements();
      }
    },
    judge(reportId) {
      openCarried();
      const row = facts.reports.ids.find(reportId);
      if (row < 0) return undefined;
      if (isReveal(facts, row)) return judge.isDue(row) ? judgeReveal(context, facts, judge, row) : undefined;
      if (facts.reports.kindOf(row) !== 'witness') return { verdict: judge.judgeStatement(row), links: [] };
      const judgement = judge.judgeWitness(facts.witnesses.getByRow(row));
      return { ...provisionalLink(context, facts, judgement), links: [] };
    },
  };
}

function makesKeysKnown(added: AddedEntry): boolean {
  if (added.kind !== 'record') return false;
  return added.record.kind === 'invitation' || added.record.kind === 'registry_events';
}

function isReveal(facts: EpochFacts, row: number): boolean {
  const kind = facts.reports.kindOf(row);
  return kind === 'beacon' || kind === 'survey';
}

function judgeReveal(context: EpochContext, facts: EpochFacts, judge: EpochJudge, row: number): ProvisionalJudgement {
  const { verdict, facts: opened } = judge.judgeTransmission(row);
  if (!opened) return { verdict, links: [] };
  const links = [...facts.witnesses.withTag(readUint32(opened.tag, 0))]
    .map((witness) => judge.judgeWitness(witness))
    .filter(({ transmission }) => transmission?.row === row)
    .map((judgement) => provisionalLink(context, facts, judgement));
  return { verdict, links };
}

function provisionalLink(
  context: EpochContext,
  facts: EpochFacts,
  { verdict, link, transmission }: LinkJudgement & { readonly transmission?: OpenTransmission },
): ProvisionalLink {
  if (!link || !transmission) return { verdict };
  const cell = coveredCell(transmission.facts.cell, context.ruleSet.coverage.cellResolution);
  if (cell === undefined) return { verdict };
  const { sender, senderKind, round } = transmission.facts;
  return {
    verdict,
    link: {
      reportId: verdict.reportId,
      transmission: facts.reports.idOf(transmission.row),
      cell,
      sender,
      witness: verdict.reporter,
      round,
      espDdbm: link.referenceEspDdbm,
      snrDdb: link.snrDdb,
      distanceM: link.distanceM,
      senderKind,
      selected: false,
      shares: 0n,
    },
  };
}
