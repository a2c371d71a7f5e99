import {
  type Check,
  type Outcome,
  type Reason,
  type SubjectKind,
  type UnixMs,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { outcomeCode, reasonCode, subjectCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import { NO_OUTCOMES, type OutcomeCounts, sumOutcomes } from './outcome-counts.ts';

/** A verdict as it stands now. */
export interface VerdictRow {
  readonly reportId: Uint8Array;
  readonly epoch: number;
  /** Its epoch has closed. */
  readonly final: boolean;
  readonly subject: SubjectKind;
  readonly reporter: Uint8Array;
  /** Absent while nobody has revealed the transmission. */
  readonly sender?: Uint8Array;
  readonly round: number;
  /** When the report says it was sent or received. */
  readonly atMs: UnixMs;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly checks: readonly Check[];
  /** Of a valid witness report: what it measured. */
  readonly link?: { readonly cell: bigint; readonly espDdbm: number; readonly snrDdb: number };
  /** Goes into the next page’s `before`. */
  readonly cursor: VerdictCursor;
}

/** Place in the list: time and report id of a row. */
export interface VerdictCursor {
  readonly timeMs: UnixMs;
  readonly reportId: Uint8Array;
}

export interface VerdictFilter {
  readonly key: Uint8Array;
  /** `reporter`: on what the key reported. `sender`: on receptions of what it sent. `either`: both. */
  readonly role: 'reporter' | 'sender' | 'either';
  readonly subject?: SubjectKind;
  /** Only older ones than this. */
  readonly before?: VerdictCursor;
  readonly limit: number;
}

/** Verdicts that concern a key, newest first. */
export async function listVerdicts(db: Kysely<Schema>, filter: VerdictFilter): Promise<VerdictRow[]> {
  const { role, key, before, subject, limit } = filter;
  const roles = role === 'either' ? (['reporter', 'sender'] as const) : [role];
  const older =
    before === undefined
      ? sql`true`
      : sql`(time, report_id) < (${new Date(before.timeMs).toISOString()}::timestamptz, ${before.reportId}::bytea)`;
  const ofSubject = subject === undefined ? sql`true` : sql`subject = ${subjectCode.number(subject)}`;
  const parts = roles.map(
    (column) => sql`
      (SELECT * FROM sextant.verdicts WHERE ${sql.ref(column)} = ${key} AND ${older} AND ${ofSubject}
       ORDER BY time DESC, report_id DESC LIMIT ${limit})`,
  );
  const { rows } = await sql<StoredVerdict>`
    ${withLinks(sql`(${sql.join(parts, sql` UNION `)})`)}
    ORDER BY time DESC, report_id DESC LIMIT ${limit}`.execute(db);
  return rows.map(toVerdict);
}

export async function findVerdict(db: Kysely<Schema>, reportId: Uint8Array): Promise<VerdictRow | undefined> {
  const { rows } = await sql<StoredVerdict>`
    ${withLinks(sql`(SELECT * FROM sextant.verdicts WHERE report_id = ${reportId})`)}
    ORDER BY time DESC LIMIT 1`.execute(db);
  return rows[0] === undefined ? undefined : toVerdict(rows[0]);
}

/** Those of the reports that are judged, in no particular order. */
export async function findVerdicts(db: Kysely<Schema>, reportIds: readonly Uint8Array[]): Promise<VerdictRow[]> {
  const ids = reportIds.map((id) => Buffer.from(id));
  const { rows } = await sql<StoredVerdict>`
    ${withLinks(sql`(SELECT * FROM sextant.verdicts WHERE report_id = ANY(${ids}::bytea[]))`)}`.execute(db);
  return rows.map(toVerdict);
}

const withLinks = (verdicts: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT verdict.*, link.cell, link.esp_ddbm, link.snr_ddb
  FROM ${verdicts} AS verdict
  LEFT JOIN sextant.links AS link ON link.report_id = verdict.report_id AND link.time = verdict.time`;

/** Verdicts on those who heard each sender in each of the rounds; one nobody reported to have heard is absent. */
export async function listHeardBy(
  db: Kysely<Schema>,
  senders: readonly Uint8Array[],
  rounds: readonly number[],
): Promise<{ readonly sender: Uint8Array; readonly round: number; readonly outcomes: OutcomeCounts }[]> {
  const { rows } = await sql<{ sender: Buffer; round: bigint } & Record<Outcome, bigint>>`
    SELECT sender, round, ${countOf('valid')}, ${countOf('invalid')}, ${countOf('insufficient')}
    FROM sextant.verdicts
    WHERE sender = ANY(${senders.map((key) => Buffer.from(key))}::bytea[]) AND round = ANY(${[...rounds]}::bigint[])
      AND subject = ${subjectCode.number('witness')}
    GROUP BY sender, round`.execute(db);
  return rows.map(({ sender, round, ...counts }) => ({ sender, round: Number(round), outcomes: toOutcomes(counts) }));
}

/** As `countOutcomes`, for many keys at once; a key without verdicts is absent. */
export async function listOutcomes(
  db: Kysely<Schema>,
  keys: readonly Uint8Array[],
  fromEpoch: number,
  subjects: readonly SubjectKind[],
): Promise<{ readonly key: Uint8Array; readonly outcomes: OutcomeCounts }[]> {
  const asked = sql`reporter = ANY(${keys.map((key) => Buffer.from(key))}::bytea[]) AND epoch >= ${fromEpoch}
    AND subject = ANY(${subjects.map((subject) => subjectCode.number(subject))}::smallint[])`;
  const { rows } = await sql<{ reporter: Buffer } & Record<Outcome, bigint>>`
    SELECT reporter, ${sumOf('valid')}, ${sumOf('invalid')}, ${sumOf('insufficient')} FROM (
      SELECT reporter, outcome, count FROM sextant.verdict_counts WHERE ${asked}
      UNION ALL
      SELECT reporter, outcome, 1 FROM sextant.verdicts WHERE ${asked} AND NOT final
    ) AS one GROUP BY reporter`.execute(db);
  return rows.map(({ reporter, ...counts }) => ({ key: reporter, outcomes: toOutcomes(counts) }));
}

const isOutcome = (outcome: Outcome): RawBuilder<boolean> => sql<boolean>`outcome = ${outcomeCode.number(outcome)}`;
const countOf = (outcome: Outcome): RawBuilder<unknown> =>
  sql`count(*) FILTER (WHERE ${isOutcome(outcome)}) AS ${sql.ref(outcome)}`;
const sumOf = (outcome: Outcome): RawBuilder<unknown> =>
  sql`coalesce(sum(count) FILTER (WHERE ${isOutcome(outcome)}), 0)::bigint AS ${sql.ref(outcome)}`;
const toOutcomes = ({ valid, invalid, insufficient }: Record<Outcome, bigint>): OutcomeCounts => ({
  valid: Number(valid),
  invalid: Number(invalid),
  insufficient: Number(insufficient),
});

/** Verdicts on those who heard a sender in a round. */
export async function countHeardBy(db: Kysely<Schema>, sender: Uint8Array, round: number): Promise<OutcomeCounts> {
  const rows = await db
    .selectFrom('verdicts')
    .select(['outcome', ({ fn }) => fn.countAll<bigint>().as('count')])
    .where('sender', '=', Buffer.from(sender))
    .where('round', '=', BigInt(round))
    .where('subject', '=', subjectCode.number('witness'))
    .groupBy('outcome')
    .execute();
  return sumOutcomes(rows);
}

/** Verdicts on what a key reported in the epochs from `fromEpoch`, by subject: closed epochs from their rollup, running ones as they stand. */
export async function countOutcomes(
  db: Kysely<Schema>,
  key: Uint8Array,
  fromEpoch: number,
): Promise<Readonly<Record<SubjectKind, OutcomeCounts>>> {
  const { rows } = await sql<{ subject: number; outcome: number; count: bigint }>`
    SELECT subject, outcome, sum(count)::bigint AS count FROM (
      SELECT subject, outcome, count FROM sextant.verdict_counts WHERE reporter = ${key} AND epoch >= ${fromEpoch}
      UNION ALL
      SELECT subject, outcome, 1 FROM sextant.verdicts WHERE reporter = ${key} AND epoch >= ${fromEpoch} AND NOT final
    ) AS one GROUP BY subject, outcome`.execute(db);
  const of = (subject: SubjectKind): OutcomeCounts =>
    rows.length === 0 ? NO_OUTCOMES : sumOutcomes(rows.filter((row) => row.subject === subjectCode.number(subject)));
  return {
    beacon: of('beacon'),
    witness: of('witness'),
    survey: of('survey'),
    assertion: of('assertion'),
    other: of('other'),
  };
}

interface StoredVerdict {
  readonly time: number;
  readonly report_id: Buffer;
  readonly epoch: number;
  readonly final: boolean;
  readonly subject: number;
  readonly reporter: Buffer;
  readonly sender: Buffer | null;
  readonly round: bigint;
  readonly at_ms: bigint;
  readonly outcome: number;
  readonly reason: number;
  readonly checks: readonly Check[];
  readonly cell: bigint | null;
  readonly esp_ddbm: number | null;
  readonly snr_ddb: number | null;
}

function toVerdict(row: StoredVerdict): VerdictRow {
  return {
    reportId: row.report_id,
    epoch: row.epoch,
    final: row.final,
    subject: subjectCode.name(row.subject),
    reporter: row.reporter,
    ...(row.sender === null ? {} : { sender: row.sender }),
    round: Number(row.round),
    atMs: unixMs(Number(row.at_ms)),
    outcome: outcomeCode.name(row.outcome),
    reason: reasonCode.name(row.reason),
    checks: row.checks,
    ...(row.cell === null || row.esp_ddbm === null || row.snr_ddb === null
      ? {}
      : { link: { cell: row.cell, espDdbm: row.esp_ddbm, snrDdb: row.snr_ddb } }),
    cursor: { timeMs: unixMs(row.time), reportId: row.report_id },
  };
}
