import { epochOfRound, type ParticipantKind } from '@sextant/firmware-bridge/protocol';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { EpochJudge } from '../judge/epoch-judge.ts';
import type { Knowledge } from '../known/knowledge.ts';
import { reportIn } from '../known/report-in.ts';
import type { CarriedReport } from '../state/epoch-state.ts';

interface CarryModules {
  readonly facts: EpochFacts;
  readonly knowledge: Knowledge;
  readonly judge: EpochJudge;
}

/**
 * Rows of the reports that are judged in the next epoch: reveals of its rounds, and witness reports without a revealed
 * transmission that stand so late that it can be one of the next epoch's. Nothing is carried twice, and of one key only so
 * many as the rule set says, those with the smallest ids. `judge` has judged every reveal that is due.
 */
export function findCarried(context: EpochContext, { facts, knowledge, judge }: CarryModules): Set<number> {
  const byReporter = new Map<number, number[]>();
  const consider = (row: number): void => {
    const reporter = facts.reports.reporterNumber(row);
    const rows = byReporter.get(reporter) ?? [];
    rows.push(row);
    byReporter.set(reporter, rows);
  };
  const carriedIn = context.state.carried.length;
  const mayWait = (row: number, kind: ParticipantKind): boolean =>
    row >= carriedIn && knowledge.stateOf(facts.reports.reporterOf(row))?.kind === kind;

  for (let i = 0; i < facts.transmissions.count; i++) {
    const row = facts.transmissions.rowOf(i);
    const { kind, round } = reportIn(facts, row, 'beacon', 'survey');
    if (epochOfRound(context.timing, round) <= context.epoch) continue;
    if (mayWait(row, kind === 'beacon' ? 'hotspot' : 'survey_device')) consider(row);
  }
  for (let i = 0; i < facts.witnesses.count; i++) {
    const row = facts.witnesses.rowOf(i);
    if (judge.isOpened(facts.witnesses.tagOf(i))) continue;
    if (mayWait(row, 'hotspot') && standsLate(context, facts, row)) consider(row);
  }

  const carried = new Set<number>();
  const limit = context.ruleSet.epoch.carriedReports;
  for (const rows of byReporter.values()) {
    rows.sort((a, b) => facts.reports.ids.rows.compare(a, b));
    for (const row of rows.slice(0, limit)) carried.add(row);
  }
  return carried;
}

function standsLate(context: EpochContext, facts: EpochFacts, row: number): boolean {
  return facts.reports.sightingsOf(row).some(({ lastClosedSlot }) => lastClosedSlot >= context.carrySlot);
}

/** What the state keeps of a carried report: one whose batch name is in conflict waits for a better copy, without a place. */
export function carriedReport(facts: EpochFacts, row: number): CarriedReport {
  const { reports } = facts;
  return {
    reporter: reports.reporterOf(row),
    report: reports.encodedOf(row).slice(),
    sightings: reports.cleanSightingsOf(row),
  };
}
