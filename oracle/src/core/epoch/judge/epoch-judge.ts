import {
  type BeaconReport,
  epochOfRound,
  equalBytes,
  readUint32,
  roundAt,
  type SurveyReport,
  type Verdict,
  type WitnessReport,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import {
  type JudgedTransmission,
  judgeLink,
  judgeTransmission,
  type LinkJudgement,
  type TransmissionContext,
  type TransmissionJudgement,
} from '../../rules/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { Knowledge } from '../known/knowledge.ts';
import { reportIn } from '../known/report-in.ts';
import type { StandingStatement } from '../state/epoch-state.ts';
import { ChainCursors } from './chain-cursors.ts';

/** A transmission whose secret is open. */
export interface OpenTransmission extends JudgedTransmission {
  /** In `ReportFacts`. */
  readonly row: number;
  readonly chainLink: Uint8Array;
}

/** Puts together what each report is judged by. Reveals first: a witness report is compared with those judged so far. */
export class EpochJudge {
  readonly #context: EpochContext;
  readonly #facts: EpochFacts;
  readonly #knowledge: Knowledge;
  readonly #chains: ChainCursors;
  readonly #byRow = new Map<number, OpenTransmission>();
  readonly #byTag = new Map<number, OpenTransmission[]>();

  constructor(context: EpochContext, facts: EpochFacts, knowledge: Knowledge) {
    this.#context = context;
    this.#facts = facts;
    this.#knowledge = knowledge;
    this.#chains = new ChainCursors(context.ruleSet.epoch.chainHashes);
  }

  get chains(): ChainCursors {
    return this.#chains;
  }

  /** Whether a reveal is about this epoch or an earlier one: those about the next are judged there. */
  isDue(row: number): boolean {
    const { round } = reportIn(this.#facts, row, 'beacon', 'survey');
    return epochOfRound(this.#context.timing, round) <= this.#context.epoch;
  }

  judgeTransmission(row: number): TransmissionJudgement {
    const report = reportIn(this.#facts, row, 'beacon', 'survey');
    const sender = this.#facts.reports.reporterOf(row);
    const statement = this.#statementOf(sender, report);
    const judgement = judgeTransmission(this.#transmissionContext(row, sender, report, statement));
    const ordinal = report.kind === 'beacon' ? report.round : report.index;
    if (statement && judgement.facts) this.#chains.advance(statement, ordinal, report.chainLink);
    if (statement && judgement.verdict.reason === 'chain_link_mismatch')
      this.#chains.waste(row, statement, sender, ordinal);
    this.#remember(row, report.chainLink, judgement);
    return judgement;
  }

  #statementOf(sender: Uint8Array, report: BeaconReport | SurveyReport): StandingStatement | undefined {
    return report.kind === 'beacon'
      ? this.#knowledge.assertionAt(sender, report.round)
      : this.#knowledge.anchorAt(sender, report.round, report.index);
  }

  #transmissionContext(
    row: number,
    sender: Uint8Array,
    report: BeaconReport | SurveyReport,
    statement: StandingStatement | undefined,
  ): TransmissionContext {
    const { networkId } = this.#context.network;
    const ordinal = report.kind === 'beacon' ? report.round : report.index;
    const chain = statement && this.#chains.chainFor(statement, sender, ordinal);
    const entropy = this.#facts.certificates.find(report.round)?.entropy;
    const common = {
      ...this.#knowledge.recorded(row, report.round),
      networkId,
      ...(chain ? { chain } : {}),
      ...(entropy ? { entropy } : {}),
    };
    const twin = this.#facts.transmissions.hasTwin(this.#facts.reports.reporterNumber(row), report);
    if (report.kind === 'beacon') {
      const assertion = this.#knowledge.assertionAt(sender, report.round)?.report;
      return { ...common, report, duplicate: twin, ...(assertion ? { assertion } : {}) };
    }
    const anchor = this.#knowledge.anchorAt(sender, report.round, report.index)?.report;
    const duplicate = twin || this.#isSpent(row, sender, report);
    const granted = this.#knowledge.isGranted(sender);
    return { ...common, report, duplicate, granted, ...(anchor ? { anchor } : {}) };
  }

  /** The index was spent in an earlier epoch, or is below one that may be public already. */
  #isSpent(row: number, sender: Uint8Array, report: SurveyReport): boolean {
    const spent = this.#knowledge.stateOf(sender)?.lastIndex ?? -1;
    const device = this.#facts.reports.reporterNumber(row);
    return report.index <= spent || this.#facts.transmissions.isOutOfTurn(device, report);
  }

  #remember(row: number, chainLink: Uint8Array, { verdict, facts }: TransmissionJudgement): void {
    const known = this.#byRow.get(row);
    if (known) {
      const tag = readUint32(known.facts.tag, 0);
      this.#byTag.set(
        tag,
        (this.#byTag.get(tag) ?? []).filter((other) => other.row !== row),
      );
      this.#byRow.delete(row);
    }
    if (!facts) return;
    const open = { row, chainLink, verdict, facts };
    const tag = readUint32(facts.tag, 0);
    this.#byRow.set(row, open);
    this.#byTag.set(tag, [...(this.#byTag.get(tag) ?? []), open]);
  }

  /** The transmissions judged so far whose secret is open. */
  open(): Iterable<OpenTransmission> {
    return this.#byRow.values();
  }

  /** A transmission with that tag has been opened. */
  isOpened(tag: number): boolean {
    return (this.#byTag.get(tag) ?? []).length > 0;
  }

  judgeWitness(witness: number): LinkJudgement & { readonly transmission?: OpenTransmission } {
    const row = this.#facts.witnesses.rowOf(witness);
    const report = reportIn(this.#facts, row, 'witness');
    const reporter = this.#facts.reports.reporterOf(row);
    const transmission = this.#findTransmission(report, reporter);
    const { timing, cells } = this.#context;
    const round = transmission?.facts.round ?? Math.max(0, roundAt(timing, report.receivedAtMs));
    const assertion = this.#knowledge.assertionAt(reporter, round)?.report;
    const conflicting = this.#facts.witnesses.isConflicting(witness);
    const recorded = this.#knowledge.recorded(row, round);
    const judgement = judgeLink(
      transmission && assertion
        ? { ...recorded, report, conflicting, transmission, assertion }
        : {
            ...recorded,
            report,
            conflicting,
            ...(transmission ? { transmission } : {}),
            ...(assertion ? { assertion } : {}),
          },
      cells,
    );
    return transmission ? { ...judgement, transmission } : judgement;
  }

  /** By tag; where several bear it, the one whose nonce gives the commitment, else the first by report id. */
  #findTransmission(report: WitnessReport, witness: Uint8Array): OpenTransmission | undefined {
    const candidates = this.#byTag.get(readUint32(report.beaconTag, 0)) ?? [];
    if (candidates.length < 2) return candidates[0];
    const ids = this.#facts.reports.ids.rows;
    const ordered = [...candidates].sort((a, b) => ids.compare(a.row, b.row));
    const meant = ordered.find(({ facts }) => equalBytes(witnessCommitment(facts.nonce, witness), report.commitment));
    return meant ?? ordered[0];
  }

  /** Verdict on a statement, successor or status. */
  judgeStatement(row: number): Verdict {
    const kind = this.#facts.reports.kindOf(row);
    const isStatement = kind === 'location_assertion' || kind === 'chain_anchor';
    return isStatement ? this.#knowledge.judgeStatement(row) : this.#knowledge.judgeOther(row);
  }
}
