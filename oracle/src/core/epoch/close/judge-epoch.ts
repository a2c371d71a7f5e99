import { compareBytes, type Reason, readUint32 } from '@sextant/firmware-bridge/protocol';
import { parentCell, resolutionOf } from '../../coverage/parent-cell.ts';
import { findCarried } from '../carry/find-carried.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import { EpochJudge, type OpenTransmission } from '../judge/epoch-judge.ts';
import type { Knowledge } from '../known/knowledge.ts';
import { LinkTable } from './link-table.ts';
import { VerdictTable } from './verdict-table.ts';

/** A valid transmission with the valid links it has. */
export interface HeardTransmission extends OpenTransmission {
  /** Its first link in `links`, and how many. */
  readonly firstLink: number;
  readonly links: number;
  /** Somebody's witness report of it is not refused as invented: it was heard. */
  readonly heard: boolean;
}

/** Everything an epoch's judges have found. */
export interface JudgedEpoch {
  readonly verdicts: VerdictTable;
  readonly links: LinkTable;
  /** Valid ones, by partition, then report id. */
  readonly transmissions: readonly HeardTransmission[];
  /** Rows of reports that are left to the next epoch. */
  readonly carried: ReadonlySet<number>;
  /** Highest index each survey device has spent in this epoch, by the number of its key. */
  readonly spentIndices: ReadonlyMap<number, number>;
  readonly judge: EpochJudge;
}

/**
 * Judges every report of the epoch, from the beginning and in canonical order: statements, reveals, then the links of one
 * H3 partition after the other, then what was heard of nobody. Live judgements leave no trace in it.
 */
export function judgeEpoch(context: EpochContext, facts: EpochFacts, knowledge: Knowledge): JudgedEpoch {
  const judge = new EpochJudge(context, facts, knowledge);
  const keys = {
    numberOfKey: (key: Uint8Array) => facts.reports.numberOf(key),
    keyOf: (number: number) => facts.reports.keyOf(number),
  };
  const verdicts = new VerdictTable(keys, context.sha256);
  const links = new LinkTable();
  const spentIndices = judgeReveals(facts, judge, verdicts);
  const carried = findCarried(context, { facts, knowledge, judge });
  // A reveal of the next epoch that cannot wait is judged after all, as outside of this one.
  for (const row of revealRows(facts)) {
    if (!judge.isDue(row) && !carried.has(row)) verdicts.add(judge.judgeTransmission(row).verdict);
  }
  const transmissions: HeardTransmission[] = [];
  for (const transmission of byPartition(context, facts, judge)) {
    const heard = judgeLinks(facts, judge, transmission, { verdicts, links, place: transmissions.length });
    if (transmission.verdict.outcome === 'valid') transmissions.push(heard);
  }
  for (let witness = 0; witness < facts.witnesses.count; witness++) {
    if (judge.isOpened(facts.witnesses.tagOf(witness)) || carried.has(facts.witnesses.rowOf(witness))) continue;
    verdicts.add(judge.judgeWitness(witness).verdict);
  }
  for (const row of statementRows(facts)) verdicts.add(judge.judgeStatement(row));
  return { verdicts, links, transmissions, carried, spentIndices, judge };
}

function revealRows(facts: EpochFacts): number[] {
  return Array.from({ length: facts.transmissions.count }, (_, i) => facts.transmissions.rowOf(i));
}

function* statementRows(facts: EpochFacts): Iterable<number> {
  for (const name of facts.statementMakers()) yield* facts.statementRowsOf(name);
  yield* facts.successorRows;
  yield* facts.statusRows;
  yield* facts.appealRows();
}

/** Reasons that say nothing about the index: whatever else is wrong with a reveal, its link is public now. */
const SPENDS_NOTHING: ReadonlySet<Reason> = new Set<Reason>([
  'unknown_key',
  'wrong_participant_kind',
  'outside_epoch',
  'no_chain_anchor',
  'chain_link_mismatch',
]);

/** By sender, then ascending round or index: so each costs few hashes. Returns the indices spent. */
function judgeReveals(facts: EpochFacts, judge: EpochJudge, verdicts: VerdictTable): Map<number, number> {
  const { reports, transmissions } = facts;
  const order = Array.from({ length: transmissions.count }, (_, i) => i)
    .map((i) => ({ row: transmissions.rowOf(i), ordinal: transmissions.ordinalOf(i) }))
    .sort(
      (a, b) =>
        compareBytes(reports.reporterOf(a.row), reports.reporterOf(b.row)) ||
        a.ordinal - b.ordinal ||
        reports.ids.rows.compare(a.row, b.row),
    );
  const spent = new Map<number, number>();
  for (const { row, ordinal } of order) {
    if (!judge.isDue(row)) continue;
    const { verdict } = judge.judgeTransmission(row);
    verdicts.add(verdict);
    if (reports.kindOf(row) !== 'survey' || SPENDS_NOTHING.has(verdict.reason)) continue;
    const device = reports.reporterNumber(row);
    spent.set(device, Math.max(spent.get(device) ?? -1, ordinal));
  }
  return spent;
}

function byPartition(context: EpochContext, facts: EpochFacts, judge: EpochJudge): OpenTransmission[] {
  const { partitionResolution } = context.ruleSet.epoch;
  return [...judge.open()]
    .map((transmission) => {
      const { cell } = transmission.facts;
      const partition = parentCell(cell, Math.min(partitionResolution, resolutionOf(cell)));
      return { transmission, partition };
    })
    .sort((a, b) =>
      a.partition === b.partition
        ? facts.reports.ids.rows.compare(a.transmission.row, b.transmission.row)
        : a.partition < b.partition
          ? -1
          : 1,
    )
    .map(({ transmission }) => transmission);
}

function judgeLinks(
  facts: EpochFacts,
  judge: EpochJudge,
  transmission: OpenTransmission,
  into: { readonly verdicts: VerdictTable; readonly links: LinkTable; readonly place: number },
): HeardTransmission {
  const { verdicts, links, place } = into;
  const firstLink = links.count;
  let heard = false;
  const tag = readUint32(transmission.facts.tag, 0);
  const witnesses = [...facts.witnesses.withTag(tag)];
  witnesses.sort((a, b) => facts.reports.ids.rows.compare(facts.witnesses.rowOf(a), facts.witnesses.rowOf(b)));
  for (const witness of witnesses) {
    const judgement = judge.judgeWitness(witness);
    if (judgement.transmission !== transmission) continue;
    verdicts.add(judgement.verdict);
    if (judgement.verdict.outcome !== 'invalid') heard = true;
    if (!judgement.link) continue;
    const row = facts.witnesses.rowOf(witness);
    links.add(row, facts.reports.reporterNumber(row), place, judgement.link);
  }
  return { ...transmission, firstLink, links: links.count - firstLink, heard };
}
