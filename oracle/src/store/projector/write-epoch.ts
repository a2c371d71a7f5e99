import {
  bytesToHex,
  epochStartMs,
  hexToBytes,
  nameOfKey,
  type Timing,
  type Verdict,
} from '@sextant/firmware-bridge/protocol';
import { sql, type Transaction } from 'kysely';
import { summaryJson } from '../../core/epoch/close/epoch-summary.ts';
import type { CoverageCell, OwnerReward, RewardLine } from '../../core/epoch/result.ts';
import { coverageStateCode, outcomeCode, participantCode, rewardClassCode, roundStateCode } from '../schema/codes.ts';
import { SCHEMA_NAME, type Schema } from '../schema/schema.ts';
import type { ClosedEpoch } from './ports.ts';
import { type EpochTimes, lastSurveyed, linkRows, verdictRows } from './result-columns.ts';
import { unnest } from './unnest.ts';
import { writeLocations } from './write-locations.ts';

/** Any number: a closing epoch waits for provisional results in work, and the other way round. */
export const RESULTS_LOCK = 7_398_404;

/** Rows a statement: bounds memory, and is beyond where more helps. */
const CHUNK = 5_000;

const EPOCH_TABLES = [
  'epochs',
  'verdicts',
  'verdict_counts',
  'links',
  'coverage_witnesses',
  'coverage',
  'reward_lines',
  'owner_totals',
  'locations',
  'grace',
] as const;

/** Puts an epoch's final results in the place of everything the tables say about it. Doing it again changes nothing. */
export async function writeEpoch(tx: Transaction<Schema>, timing: Timing, result: ClosedEpoch): Promise<void> {
  const { epoch } = result.summary;
  const times = { epoch, timing };
  await sql`SELECT pg_advisory_xact_lock(${RESULTS_LOCK})`.execute(tx);
  for (const table of EPOCH_TABLES)
    await sql`DELETE FROM ${sql.id(SCHEMA_NAME, table)} WHERE epoch = ${epoch}`.execute(tx);
  await writeSummary(tx, times, result);
  await writeFinalVerdicts(tx, times, result.verdicts);
  await writeLinks(tx, times, result);
  for (const chunk of chunksOf(result.coverage)) await writeCells(tx, times, chunk);
  let ordinal = 0;
  for (const chunk of chunksOf(result.rewards)) {
    await writeRewards(tx, epoch, ordinal, chunk);
    ordinal += chunk.length;
  }
  for (const chunk of chunksOf(result.owners)) await writeOwners(tx, epoch, chunk);
  for (const chunk of chunksOf(result.keys.owned)) await writeOwnedKeys(tx, times, chunk);
  await writeLocations(tx, epoch, result);
  await writeGrace(tx, epoch, result);
}

function* chunksOf<T>(rows: Iterable<T>): Generator<readonly T[]> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

async function writeSummary(
  tx: Transaction<Schema>,
  { epoch, timing }: EpochTimes,
  { summary, summaryHash, verdicts, coverage, rewards }: ClosedEpoch,
): Promise<void> {
  const counts = { valid: 0, invalid: 0, insufficient: 0 };
  for (const { outcome } of verdicts) counts[outcome]++;
  const covered = coverage.filter(({ state }) => state === 'covered').length;
  const earnsByRadio = ({ rewardClass }: RewardLine): boolean =>
    rewardClass === 'beaconer' || rewardClass === 'witness';
  const paid = rewards.filter((line) => line.amount > 0n && !line.held && earnsByRadio(line));
  await tx
    .insertInto('epochs')
    .values({
      epoch,
      attempt: summary.attempt,
      start_ms: BigInt(epochStartMs(timing, epoch)),
      end_ms: BigInt(epochStartMs(timing, epoch + 1)),
      rule_set: summary.ruleSet,
      rule_set_id: Buffer.from(hexToBytes(summary.ruleSetId)),
      core_version: summary.coreVersion,
      summary_hash: Buffer.from(summaryHash),
      summary: summaryJson(summary),
      total: summary.total,
      unminted: summary.unminted,
      hotspots_paid: new Set(paid.map(({ key }) => Buffer.from(key).toString('hex'))).size,
      covered,
      surveyed_not_covered: coverage.length - covered,
      ...counts,
    })
    .execute();
  await writeAgreedRounds(tx, summary.rounds);
}

/** What the validators agreed on about the epoch's rounds overrides what one log let assume. */
async function writeAgreedRounds(tx: Transaction<Schema>, rounds: ClosedEpoch['summary']['rounds']): Promise<void> {
  const incoming = unnest(rounds, {
    round: ['bigint', (row) => row.round],
    state: ['smallint', (row) => roundStateCode.number(row.entropy === undefined ? 'void' : 'certified')],
    entropy: ['bytea', (row) => (row.entropy === undefined ? undefined : hexToBytes(row.entropy))],
  });
  await sql`
    INSERT INTO sextant.rounds (round, state, entropy) SELECT round, state, entropy FROM ${incoming} ORDER BY round
    ON CONFLICT (round) DO UPDATE SET state = excluded.state, entropy = excluded.entropy`.execute(tx);
}

async function writeFinalVerdicts(
  tx: Transaction<Schema>,
  times: EpochTimes,
  verdicts: Iterable<Verdict>,
): Promise<void> {
  const statements: Verdict[] = [];
  for (const chunk of chunksOf(verdicts)) {
    statements.push(...chunk.filter(({ subject }) => subject === 'assertion' || subject === 'other'));
    await sql`
      INSERT INTO sextant.verdicts
        (time, report_id, epoch, subject, reporter, sender, round, at_ms, outcome, reason, checks, final)
      SELECT new.*, true FROM (${verdictRows(times, chunk)}) AS new
      ON CONFLICT (report_id, time) DO UPDATE SET
        epoch = excluded.epoch, sender = excluded.sender, round = excluded.round, outcome = excluded.outcome,
        reason = excluded.reason, checks = excluded.checks, final = true`.execute(tx);
  }
  await sql`
    INSERT INTO sextant.verdict_counts (epoch, reporter, subject, outcome, reason, count)
    SELECT epoch, reporter, subject, outcome, reason, count(*) FROM sextant.verdicts WHERE epoch = ${times.epoch}
    GROUP BY epoch, reporter, subject, outcome, reason`.execute(tx);
  await writeAssertionOutcomes(tx, statements);
  await writeSuccessions(tx, statements);
}

/** An assertion judged invalid is never in force. */
export async function writeAssertionOutcomes(tx: Transaction<Schema>, verdicts: readonly Verdict[]): Promise<void> {
  const judged = verdicts.filter(({ subject }) => subject === 'assertion');
  if (judged.length === 0) return;
  const incoming = unnest(judged, {
    report_id: ['bytea', (row) => row.reportId],
    outcome: ['smallint', (row) => outcomeCode.number(row.outcome)],
  });
  await sql`
    UPDATE sextant.assertions AS known SET outcome = incoming.outcome FROM ${incoming}
    WHERE known.report_id = incoming.report_id`.execute(tx);
}

/** A valid succession: the new key is the same participant from now on. */
async function writeSuccessions(tx: Transaction<Schema>, verdicts: readonly Verdict[]): Promise<void> {
  const valid = verdicts.filter(({ subject, outcome }) => subject === 'other' && outcome === 'valid');
  if (valid.length === 0) return;
  const { rows } = await sql<{ old_key: Buffer; new_key: Buffer }>`
    SELECT old_key, new_key FROM sextant.successors
    WHERE report_id = ANY(${valid.map(({ reportId }) => reportId)}::bytea[]) ORDER BY old_key, logged_at`.execute(tx);
  for (const { old_key, new_key } of rows) {
    await sql`
      INSERT INTO sextant.participants (key, kind, owner, name, first_seen)
      SELECT ${new_key}::bytea, kind, owner, ${nameOfKey(new_key)}, first_seen FROM sextant.participants WHERE key = ${old_key}
      ON CONFLICT (key) DO NOTHING`.execute(tx);
    await sql`UPDATE sextant.participants SET superseded_by = ${new_key} WHERE key = ${old_key}`.execute(tx);
  }
}

/** Who became known by a deposit, and who has a new owner. A key whose deposit has left keeps its row: it has a past. */
async function writeOwnedKeys(
  tx: Transaction<Schema>,
  { epoch, timing }: EpochTimes,
  keys: ClosedEpoch['keys']['owned'],
): Promise<void> {
  const incoming = unnest(keys, {
    key: ['bytea', (row) => row.key],
    kind: ['smallint', (row) => participantCode.number(row.kind)],
    owner: ['bytea', (row) => row.owner],
    name: ['text', (row) => nameOfKey(row.key)],
  });
  await sql`
    INSERT INTO sextant.participants (key, kind, owner, name, first_seen)
    SELECT key, kind, owner, name, ${new Date(epochStartMs(timing, epoch + 1))} FROM ${incoming} ORDER BY key
    ON CONFLICT (key) DO UPDATE SET owner = excluded.owner`.execute(tx);
}

async function writeLinks(tx: Transaction<Schema>, times: EpochTimes, { links }: ClosedEpoch): Promise<void> {
  for (const chunk of chunksOf(links)) {
    await sql`
      INSERT INTO sextant.links (time, report_id, epoch, cell, sender, sender_kind, witness, round, esp_ddbm, snr_ddb)
      ${linkRows(times, chunk)}
      ON CONFLICT (report_id, time) DO UPDATE SET
        epoch = excluded.epoch, cell = excluded.cell, sender = excluded.sender, sender_kind = excluded.sender_kind,
        witness = excluded.witness, round = excluded.round, esp_ddbm = excluded.esp_ddbm, snr_ddb = excluded.snr_ddb`.execute(
      tx,
    );
  }
  await sql`
    INSERT INTO sextant.coverage_witnesses
      (epoch, cell, witness, links, best_esp_ddbm, least_esp_ddbm, best_snr_ddb, last_seen)
    SELECT epoch, cell, witness, count(*), max(esp_ddbm), min(esp_ddbm), max(snr_ddb), max(time) FROM sextant.links
    WHERE epoch = ${times.epoch} GROUP BY epoch, cell, witness`.execute(tx);
}

async function writeCells(tx: Transaction<Schema>, times: EpochTimes, cells: readonly CoverageCell[]): Promise<void> {
  const incoming = unnest(cells, {
    cell: ['bigint', (row) => row.cell],
    state: ['smallint', (row) => coverageStateCode.number(row.state)],
    links: ['integer', (row) => row.links],
    witnesses: ['integer', (row) => row.witnesses],
    best_esp_ddbm: ['smallint', (row) => row.bestEspDdbm],
    best_snr_ddb: ['smallint', (row) => row.bestSnrDdb],
    survey_transmissions: ['integer', (row) => row.surveyTransmissions],
  });
  await sql`
    INSERT INTO sextant.coverage (epoch, cell, state, links, witnesses, best_esp_ddbm, least_esp_ddbm, best_snr_ddb,
      survey_transmissions, last_seen)
    SELECT ${times.epoch}, incoming.cell, state, links, witnesses, best_esp_ddbm, heard.least, best_snr_ddb,
      survey_transmissions, greatest(heard.seen, ${lastSurveyed(sql`incoming.cell`, times)})
    FROM ${incoming} LEFT JOIN LATERAL (
      SELECT min(least_esp_ddbm) AS least, max(last_seen) AS seen FROM sextant.coverage_witnesses
      WHERE cell = incoming.cell AND epoch = ${times.epoch}) AS heard ON true`.execute(tx);
}

async function writeRewards(
  tx: Transaction<Schema>,
  epoch: number,
  firstOrdinal: number,
  lines: readonly RewardLine[],
): Promise<void> {
  const numbered = lines.map((line, i) => ({ line, ordinal: firstOrdinal + i }));
  const incoming = unnest(numbered, {
    ordinal: ['integer', (row) => row.ordinal],
    reward_class: ['smallint', ({ line }) => rewardClassCode.number(line.rewardClass)],
    key: ['bytea', ({ line }) => line.key],
    shares: ['numeric', ({ line }) => line.shares],
    amount: ['numeric', ({ line }) => line.amount],
    held: ['boolean', ({ line }) => line.held],
    count: ['integer', ({ line }) => line.count],
    density_scale: ['integer', ({ line }) => line.densityScale],
    paid_to: ['bytea', ({ line }) => line.paidTo],
  });
  await sql`
    INSERT INTO sextant.reward_lines (epoch, ordinal, reward_class, key, shares, amount, held, count, density_scale, paid_to)
    SELECT ${epoch}, incoming.* FROM ${incoming}`.execute(tx);
}

async function writeOwners(tx: Transaction<Schema>, epoch: number, owners: readonly OwnerReward[]): Promise<void> {
  const incoming = unnest(owners, {
    owner: ['bytea', (row) => row.owner],
    amount: ['numeric', (row) => row.amount],
    cumulative: ['numeric', (row) => row.cumulative],
  });
  await sql`
    INSERT INTO sextant.owner_totals (epoch, owner, amount, cumulative)
    SELECT ${epoch}, incoming.* FROM ${incoming}`.execute(tx);
}

/** What the epoch released of each hotspot's grace pay, and what still waits for a proven place. */
async function writeGrace(
  tx: Transaction<Schema>,
  epoch: number,
  { releases, state }: Pick<ClosedEpoch, 'releases' | 'state'>,
): Promise<void> {
  const rows = new Map<string, GraceRow>();
  for (const { key, amount, paidTo } of releases)
    rows.set(bytesToHex(key), { key, released: amount, held: 0n, paidTo });
  for (const { key, standing } of state.places) {
    const { held } = standing.grace;
    const name = bytesToHex(key);
    if (held > 0n) rows.set(name, { released: 0n, paidTo: undefined, ...rows.get(name), key, held });
  }
  for (const chunk of chunksOf(rows.values())) {
    const incoming = unnest(chunk, {
      key: ['bytea', (row) => row.key],
      released: ['numeric', (row) => row.released],
      held: ['numeric', (row) => row.held],
      paid_to: ['bytea', (row) => row.paidTo],
    });
    await sql`
      INSERT INTO sextant.grace (epoch, key, released, held, paid_to)
      SELECT ${epoch}, incoming.* FROM ${incoming}`.execute(tx);
  }
}

interface GraceRow {
  readonly key: Uint8Array;
  readonly released: bigint;
  readonly held: bigint;
  readonly paidTo: Uint8Array | undefined;
}
