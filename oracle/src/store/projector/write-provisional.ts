import type { Timing, Verdict } from '@sextant/firmware-bridge/protocol';
import { sql, type Transaction } from 'kysely';
import { coverageStateCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import type { ProvisionalResults } from './ports.ts';
import { type EpochTimes, lastSurveyed, linkRows, verdictRows } from './result-columns.ts';
import { unnest } from './unnest.ts';
import { RESULTS_LOCK, writeAssertionOutcomes } from './write-epoch.ts';

/** Adds what a judge has found out. False when the epoch has closed meanwhile: its final results stand. */
export async function writeProvisional(
  tx: Transaction<Schema>,
  timing: Timing,
  results: ProvisionalResults,
): Promise<boolean> {
  const { epoch } = results;
  await sql`SELECT pg_advisory_xact_lock_shared(${RESULTS_LOCK})`.execute(tx);
  const closed = await tx.selectFrom('epochs').select('epoch').where('epoch', '=', epoch).executeTakeFirst();
  if (closed !== undefined) return false;
  const times = { epoch, timing };
  const verdicts = lastOfEachReport(results.verdicts);
  if (verdicts.length > 0) await writeVerdicts(tx, times, verdicts);
  const fallen = verdicts.filter(({ subject, outcome }) => subject === 'witness' && outcome !== 'valid');
  if (fallen.length > 0) await takeBackLinks(tx, epoch, fallen);
  if (results.links.length > 0 || results.cells.length > 0) await writeCoverage(tx, times, results);
  return true;
}

function lastOfEachReport(verdicts: readonly Verdict[]): Verdict[] {
  return [...new Map(verdicts.map((verdict) => [Buffer.from(verdict.reportId).toString('hex'), verdict])).values()];
}

async function writeVerdicts(tx: Transaction<Schema>, times: EpochTimes, verdicts: readonly Verdict[]): Promise<void> {
  await sql`
    INSERT INTO sextant.verdicts AS known
      (time, report_id, epoch, subject, reporter, sender, round, at_ms, outcome, reason, checks, final)
    SELECT new.*, false FROM (${verdictRows(times, verdicts)}) AS new
    ON CONFLICT (report_id, time) DO UPDATE SET
      epoch = excluded.epoch, sender = excluded.sender, round = excluded.round, outcome = excluded.outcome,
      reason = excluded.reason, checks = excluded.checks
    WHERE NOT known.final`.execute(tx);
  if (verdicts.some(({ subject }) => subject === 'assertion')) await writeAssertionOutcomes(tx, verdicts);
}

/** Only what merges is kept up to date; what falls is counted anew from the links that remain. */
async function takeBackLinks(tx: Transaction<Schema>, epoch: number, fallen: readonly Verdict[]): Promise<void> {
  const { rows } = await sql<{ cell: bigint }>`
    DELETE FROM sextant.links WHERE epoch = ${epoch} AND report_id = ANY(${fallen.map(({ reportId }) => reportId)}::bytea[])
    RETURNING cell`.execute(tx);
  if (rows.length === 0) return;
  const cells = [...new Set(rows.map(({ cell }) => cell))];
  await sql`DELETE FROM sextant.coverage_witnesses WHERE epoch = ${epoch} AND cell = ANY(${cells}::bigint[])`.execute(
    tx,
  );
  await sql`
    INSERT INTO sextant.coverage_witnesses
      (epoch, cell, witness, links, best_esp_ddbm, least_esp_ddbm, best_snr_ddb, last_seen)
    SELECT epoch, cell, witness, count(*), max(esp_ddbm), min(esp_ddbm), max(snr_ddb), max(time) FROM sextant.links
    WHERE epoch = ${epoch} AND cell = ANY(${cells}::bigint[])
    GROUP BY epoch, cell, witness ORDER BY cell, witness`.execute(tx);
  await sql`
    UPDATE sextant.coverage AS known SET
      links = left_over.links, witnesses = left_over.witnesses, best_esp_ddbm = left_over.best,
      least_esp_ddbm = left_over.least, best_snr_ddb = left_over.snr,
      state = CASE WHEN left_over.links > 0 THEN ${coverageStateCode.number('covered')}::smallint
                   ELSE ${coverageStateCode.number('surveyed_not_covered')}::smallint END
    FROM (
      SELECT wanted.cell, coalesce(sum(links), 0)::integer AS links, count(witness)::integer AS witnesses,
        max(best_esp_ddbm) AS best, min(least_esp_ddbm) AS least, max(best_snr_ddb) AS snr
      FROM unnest(${cells}::bigint[]) AS wanted(cell)
      LEFT JOIN sextant.coverage_witnesses AS pair ON pair.cell = wanted.cell AND pair.epoch = ${epoch}
      GROUP BY wanted.cell) AS left_over
    WHERE known.epoch = ${epoch} AND known.cell = left_over.cell`.execute(tx);
  await sql`
    DELETE FROM sextant.coverage
    WHERE epoch = ${epoch} AND cell = ANY(${cells}::bigint[]) AND links = 0 AND survey_transmissions = 0`.execute(tx);
}

/**
 * Links and both their rollups in one statement. `xmax = 0` tells a pair that was inserted from one that was updated, which
 * makes the number of different witnesses a sum.
 */
async function writeCoverage(tx: Transaction<Schema>, times: EpochTimes, results: ProvisionalResults): Promise<void> {
  const { epoch } = times;
  const cells = [...new Map(results.cells.map((cell) => [cell.cell, cell])).values()];
  const surveyed = unnest(cells, {
    cell: ['bigint', (row) => row.cell],
    state: ['smallint', (row) => coverageStateCode.number(row.state)],
    survey_transmissions: ['integer', (row) => row.surveyTransmissions],
  });
  await sql`
    WITH added AS (
      INSERT INTO sextant.links (time, report_id, epoch, cell, sender, sender_kind, witness, round, esp_ddbm, snr_ddb)
      ${linkRows(times, results.links)}
      ON CONFLICT (report_id, time) DO NOTHING
      RETURNING cell, witness, esp_ddbm, snr_ddb, time
    ), pairs AS (
      INSERT INTO sextant.coverage_witnesses AS known
        (epoch, cell, witness, links, best_esp_ddbm, least_esp_ddbm, best_snr_ddb, last_seen)
      SELECT ${epoch}, cell, witness, count(*), max(esp_ddbm), min(esp_ddbm), max(snr_ddb), max(time) FROM added
      GROUP BY cell, witness ORDER BY cell, witness
      ON CONFLICT (cell, epoch, witness) DO UPDATE SET
        links = known.links + excluded.links, best_esp_ddbm = greatest(known.best_esp_ddbm, excluded.best_esp_ddbm),
        least_esp_ddbm = least(known.least_esp_ddbm, excluded.least_esp_ddbm),
        best_snr_ddb = greatest(known.best_snr_ddb, excluded.best_snr_ddb),
        last_seen = greatest(known.last_seen, excluded.last_seen)
      RETURNING cell, xmax = 0 AS is_new
    ), linked AS (
      SELECT cell, count(*)::integer AS links, max(esp_ddbm) AS best, min(esp_ddbm) AS least, max(snr_ddb) AS snr,
        max(time) AS seen
      FROM added GROUP BY cell
    ), fresh AS (
      SELECT cell, count(*) FILTER (WHERE is_new)::integer AS witnesses FROM pairs GROUP BY cell
    ), surveyed AS (
      SELECT cell, state, survey_transmissions, ${lastSurveyed(sql`incoming.cell`, times)} AS seen FROM ${surveyed}
    )
    INSERT INTO sextant.coverage AS known (epoch, cell, state, links, witnesses, best_esp_ddbm, least_esp_ddbm,
      best_snr_ddb, survey_transmissions, last_seen)
    SELECT ${epoch}, cell, coalesce(CASE WHEN linked.links > 0 THEN ${coverageStateCode.number('covered')}::smallint END, state),
      coalesce(linked.links, 0), coalesce(fresh.witnesses, 0), best, least, snr, coalesce(survey_transmissions, 0),
      greatest(linked.seen, surveyed.seen)
    FROM linked FULL JOIN surveyed USING (cell) LEFT JOIN fresh USING (cell)
    ORDER BY cell
    ON CONFLICT (epoch, cell) DO UPDATE SET
      links = known.links + excluded.links, witnesses = known.witnesses + excluded.witnesses,
      best_esp_ddbm = greatest(known.best_esp_ddbm, excluded.best_esp_ddbm),
      least_esp_ddbm = least(known.least_esp_ddbm, excluded.least_esp_ddbm),
      best_snr_ddb = greatest(known.best_snr_ddb, excluded.best_snr_ddb),
      survey_transmissions = greatest(known.survey_transmissions, excluded.survey_transmissions),
      state = CASE WHEN known.links + excluded.links > 0 THEN ${coverageStateCode.number('covered')}::smallint
                   ELSE excluded.state END,
      last_seen = greatest(known.last_seen, excluded.last_seen)`.execute(tx);
}
