import { bytesToHex, type Verdict } from '@sextant/firmware-bridge/protocol';
import type { AddedEntry, CoverageLink, EpochAccumulator, RuleSet } from '../core/index.ts';
import type { ProvisionalResults } from '../store/index.ts';

type SurveyedCell = ProvisionalResults['cells'][number];

/** A report that can be judged when it is read. */
interface Judgeable {
  readonly reportId: Uint8Array;
  /** Of a survey report: where it was sent from. */
  readonly surveyCell?: bigint;
}

/** Survey transmissions from one cell, so far. */
interface Tally {
  sent: number;
  unheard: number;
}

/** What can be told of the running epoch before it closes: a report is judged when it, or its reveal, is read. */
export class LiveEpoch {
  readonly #epoch: EpochAccumulator;
  readonly #ruleSet: RuleSet;
  readonly #tallies = new Map<bigint, Tally>();
  readonly #told: Judgeable[] = [];
  #fresh: Judgeable[];

  constructor(epoch: EpochAccumulator, ruleSet: RuleSet) {
    this.#epoch = epoch;
    this.#ruleSet = ruleSet;
    this.#fresh = epoch.carried.map((reportId) => ({ reportId }));
  }

  /** Remembers what of an entry can be judged now: witness reports wait for the reveal of what they heard. */
  notice(added: AddedEntry): void {
    if (added.kind !== 'batch') return;
    for (const { reportId, report, fate } of added.reports) {
      if (fate !== 'new' || report.kind === 'witness' || report.kind === 'gateway_status') continue;
      this.#fresh.push(report.kind === 'survey' ? { reportId, surveyCell: report.cell } : { reportId });
    }
  }

  /** What is new since the last call; undefined when nothing is. */
  takeNews(): ProvisionalResults | undefined {
    if (this.#fresh.length === 0) return undefined;
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const judgeable of fresh) this.#told.push(judgeable);
    const news = this.#judge(fresh, this.#tallies);
    return news.verdicts.length > 0 ? news : undefined;
  }

  /** Everything told so far, judged again as of now. */
  all(): ProvisionalResults {
    return this.#judge(this.#told, new Map());
  }

  #judge(judgeables: readonly Judgeable[], tallies: Map<bigint, Tally>): ProvisionalResults {
    const verdicts = new Map<string, Verdict>();
    const links = new Map<string, CoverageLink>();
    const cells = new Map<bigint, SurveyedCell>();
    for (const { reportId, surveyCell } of judgeables) {
      const judgement = this.#epoch.judge(reportId);
      if (!judgement) continue;
      verdicts.set(bytesToHex(reportId), judgement.verdict);
      for (const { verdict, link } of judgement.links) {
        verdicts.set(bytesToHex(verdict.reportId), verdict);
        if (link) links.set(bytesToHex(verdict.reportId), link);
      }
      if (judgement.verdict.outcome !== 'valid' || surveyCell === undefined) continue;
      const tally = countIn(tallies, surveyCell, judgement.links.length === 0);
      const cell = this.#surveyed(
        surveyCell,
        tally,
        judgement.links.some(({ link }) => link !== undefined),
      );
      if (cell) cells.set(surveyCell, cell);
    }
    const values = { verdicts: [...verdicts.values()], links: [...links.values()], cells: [...cells.values()] };
    return { epoch: this.#epoch.epoch, ...values };
  }

  /** Surveyed too little and heard by nobody is unknown, and not told. */
  #surveyed(cell: bigint, tally: Tally, heard: boolean): SurveyedCell | undefined {
    if (!heard && tally.unheard < this.#ruleSet.coverage.notCoveredTransmissions) return undefined;
    return { cell, state: heard ? 'covered' : 'surveyed_not_covered', surveyTransmissions: tally.sent };
  }
}

function countIn(tallies: Map<bigint, Tally>, cell: bigint, unheard: boolean): Tally {
  const tally = tallies.get(cell) ?? { sent: 0, unheard: 0 };
  tallies.set(cell, tally);
  tally.sent++;
  if (unheard) tally.unheard++;
  return tally;
}
