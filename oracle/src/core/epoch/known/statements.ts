import {
  type ChainAnchor,
  equalBytes,
  type LocationAssertion,
  type ParticipantKind,
  type Verdict,
} from '@sextant/firmware-bridge/protocol';
import { firstRoundInForce, judgeAssertion, type Recorded } from '../../rules/index.ts';
import type { ChainPosition, ParticipantState, StandingStatement } from '../state/epoch-state.ts';

export type Statement = LocationAssertion | ChainAnchor;

/** A location assertion or chain anchor of the open epoch. */
export interface MadeStatement {
  /** In `ReportFacts`. */
  readonly row: number;
  readonly report: Statement;
  readonly recorded: Recorded;
}

/** What a key has said about itself, the open epoch included. */
export interface StatementHistory {
  readonly lastNumber: number;
  /** By number. */
  readonly standing: readonly StandingStatement[];
  /** By row. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
}

const KIND_OF: Readonly<Record<ParticipantKind, Statement['kind']>> = {
  hotspot: 'location_assertion',
  survey_device: 'chain_anchor',
};

/**
 * Judges a key's new statements against its history. A number is used once: two statements with one number are both
 * void, and one whose number is not above those of earlier epochs is void and voids its namesake from the round it would
 * itself have come into force.
 */
export function resolveStatements(
  base: Pick<ParticipantState, 'kind' | 'lastNumber' | 'statements'>,
  made: readonly MadeStatement[],
): StatementHistory {
  const proper = made.filter(({ report }) => report.kind === KIND_OF[base.kind]);
  const uses = new Map<number, number>();
  for (const { report } of proper) uses.set(report.number, (uses.get(report.number) ?? 0) + 1);
  const isConflict = (report: Statement): boolean =>
    report.kind === KIND_OF[base.kind] && (report.number <= base.lastNumber || (uses.get(report.number) ?? 0) > 1);

  const verdicts = new Map<number, Verdict>();
  const fresh: StandingStatement[] = [];
  for (const { row, report, recorded } of made) {
    const verdict = judgeAssertion({ ...recorded, report, numberConflict: isConflict(report) });
    verdicts.set(row, verdict);
    if (verdict.outcome === 'valid') fresh.push(standingOf(report, recorded, base.statements));
  }
  const standing = [...base.statements.map((statement) => voided(statement, proper)), ...fresh];
  return {
    lastNumber: proper.reduce((highest, { report }) => Math.max(highest, report.number), base.lastNumber),
    standing: standing.sort((a, b) => a.report.number - b.report.number),
    verdicts,
  };
}

function standingOf(report: Statement, recorded: Recorded, known: readonly StandingStatement[]): StandingStatement {
  const chain = chainOf(report, known);
  const { lastClosedSlot, timing, ruleSet, reportId } = recorded;
  const fromRound = firstRoundInForce(lastClosedSlot, timing, ruleSet);
  return { reportId, report, fromRound, ...(chain ? { chain } : {}) };
}

/** A chain that is anchored again stays as far known as it was. */
function chainOf(report: Statement, known: readonly StandingStatement[]): ChainPosition | undefined {
  const { chainAnchor } = report;
  if (!chainAnchor) return undefined;
  const same = known.find(
    (other) =>
      other.report.chainAnchor !== undefined &&
      equalBytes(other.report.chainAnchor, chainAnchor) &&
      firstOf(other.report) === firstOf(report),
  );
  return same?.chain ?? { position: 0, link: chainAnchor };
}

/** The round or index that link 1 of the statement's chain opens. */
export function firstOf(report: Statement): number {
  return report.kind === 'location_assertion' ? report.firstRound : report.firstIndex;
}

function voided(statement: StandingStatement, made: readonly MadeStatement[]): StandingStatement {
  const rounds = made
    .filter(({ report }) => report.number === statement.report.number)
    .map(({ recorded }) => firstRoundInForce(recorded.lastClosedSlot, recorded.timing, recorded.ruleSet));
  if (rounds.length === 0) return statement;
  return { ...statement, voidFromRound: Math.min(statement.voidFromRound ?? Number.MAX_SAFE_INTEGER, ...rounds) };
}

function isInForce({ fromRound, voidFromRound }: StandingStatement, round: number): boolean {
  return fromRound <= round && (voidFromRound === undefined || round < voidFromRound);
}

/** The assertion in force in a round: of those that have come into force and are not void the one with the highest number. */
export function assertionAt(standing: readonly StandingStatement[], round: number): StandingStatement | undefined {
  return standing.findLast(
    (statement) => statement.report.kind === 'location_assertion' && isInForce(statement, round),
  );
}

/** The same for a chain anchor, of those that reach down to the index. */
export function anchorAt(
  standing: readonly StandingStatement[],
  round: number,
  index: number,
): StandingStatement | undefined {
  return standing.findLast(
    ({ report, ...statement }) =>
      report.kind === 'chain_anchor' && report.firstIndex <= index && isInForce({ report, ...statement }, round),
  );
}

/** What can still be in force in `round` or later, for indices above `lastIndex`: all that is neither void nor superseded. */
export function standingFrom(
  standing: readonly StandingStatement[],
  round: number,
  lastIndex: number,
): StandingStatement[] {
  const alive = standing.filter(({ voidFromRound }) => voidFromRound === undefined || round < voidFromRound);
  return alive.filter((statement) => !alive.some((other) => supersedes(other, statement, round, lastIndex)));
}

function supersedes(newer: StandingStatement, older: StandingStatement, round: number, lastIndex: number): boolean {
  if (newer.report.number <= older.report.number) return false;
  if (newer.fromRound > Math.max(older.fromRound, round)) return false;
  if (newer.report.kind !== 'chain_anchor' || older.report.kind !== 'chain_anchor') return true;
  return newer.report.firstIndex <= Math.max(older.report.firstIndex, lastIndex + 1);
}
