import { type Reason, type UnixMs, unixMs } from '@sextant/firmware-bridge/protocol';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { RewardClass } from '../../core/epoch/result.ts';
import { reasonCode, rewardClassCode, roundStateCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import type { OutcomeCounts } from './outcome-counts.ts';

/** A closed epoch. */
export interface EpochRow {
  readonly epoch: number;
  readonly attempt: number;
  readonly startMs: UnixMs;
  readonly endMs: UnixMs;
  readonly ruleSet: number;
  readonly ruleSetId: Uint8Array;
  readonly coreVersion: string;
  readonly summaryHash: Uint8Array;
  /** RFC 8785 text of the EpochSummary, with its roots and cut. */
  readonly summaryJson: string;
  /** Base units paid and held. */
  readonly total: bigint;
  readonly unminted: bigint;
  readonly hotspotsPaid: number;
  readonly covered: number;
  readonly surveyedNotCovered: number;
  readonly outcomes: OutcomeCounts;
}

/** Closed epochs before `before`, newest first. */
export async function listEpochs(
  db: Kysely<Schema>,
  page: { readonly before?: number; readonly limit: number },
): Promise<EpochRow[]> {
  let query = db.selectFrom('epochs').selectAll().orderBy('epoch', 'desc').limit(page.limit);
  if (page.before !== undefined) query = query.where('epoch', '<', page.before);
  return (await query.execute()).map(toEpoch);
}

export async function findEpoch(db: Kysely<Schema>, epoch: number): Promise<EpochRow | undefined> {
  const row = await db.selectFrom('epochs').selectAll().where('epoch', '=', epoch).executeTakeFirst();
  return row === undefined ? undefined : toEpoch(row);
}

export async function findLatestEpoch(db: Kysely<Schema>): Promise<EpochRow | undefined> {
  return (await listEpochs(db, { limit: 1 }))[0];
}

/** Verdicts of a closed epoch that are not valid, by reason. */
export async function countReasons(
  db: Kysely<Schema>,
  epoch: number,
): Promise<Readonly<Partial<Record<Reason, number>>>> {
  const rows = await db
    .selectFrom('verdict_counts')
    .select(['reason', ({ fn }) => fn.sum<bigint>('count').as('count')])
    .where('epoch', '=', epoch)
    .where('reason', '<>', reasonCode.number('none'))
    .groupBy('reason')
    .orderBy('reason')
    .execute();
  return Object.fromEntries(rows.map(({ reason, count }) => [reasonCode.name(reason), Number(count)]));
}

/** Base units of an epoch by class, held ones included; a class that got nothing is absent. */
export async function sumByClass(
  db: Kysely<Schema>,
  epoch: number,
): Promise<Readonly<Partial<Record<RewardClass, bigint>>>> {
  const rows = await db
    .selectFrom('reward_lines')
    .select(['reward_class', ({ fn }) => fn.sum<bigint>('amount').as('amount')])
    .where('epoch', '=', epoch)
    .groupBy('reward_class')
    .orderBy('reward_class')
    .execute();
  return Object.fromEntries(rows.map((row) => [rewardClassCode.name(row.reward_class), row.amount]));
}

/** Base units of an epoch that are held until places are proven. */
export async function sumHeld(db: Kysely<Schema>, epoch: number): Promise<bigint> {
  const row = await db
    .selectFrom('reward_lines')
    .select(({ fn }) => fn.coalesce(fn.sum<bigint>('amount'), sql<bigint>`0::numeric`).as('held'))
    .where('epoch', '=', epoch)
    .where('held', '=', true)
    .executeTakeFirstOrThrow();
  return row.held;
}

/** Rounds in [from, to) without entropy, ascending. */
export async function listVoidRounds(db: Kysely<Schema>, from: number, to: number): Promise<number[]> {
  const rows = await db
    .selectFrom('rounds')
    .select('round')
    .where('round', '>=', BigInt(from))
    .where('round', '<', BigInt(to))
    .where('state', '=', roundStateCode.number('void'))
    .orderBy('round')
    .execute();
  return rows.map(({ round }) => Number(round));
}

/** One reason why a key was paid. */
export interface RewardLineRow {
  readonly epoch: number;
  readonly rewardClass: RewardClass;
  readonly key: Uint8Array;
  readonly shares: bigint;
  readonly amount: bigint;
  readonly held: boolean;
  readonly count: number;
  readonly densityScale: number;
  /** Absent while it is held, and where the rule set reads no registry. */
  readonly paidTo?: Uint8Array;
}

/** What a key got in an epoch. */
export interface EpochRewardsRow {
  readonly epoch: number;
  readonly lines: readonly RewardLineRow[];
  /** Of earlier epochs, held until now. */
  readonly release?: { readonly amount: bigint; readonly paidTo?: Uint8Array };
}

/** What a key got in each of the closed epochs before `before`, newest first; an epoch that paid nothing has no lines. */
export async function listRewards(
  db: Kysely<Schema>,
  filter: { readonly key: Uint8Array; readonly before?: number; readonly limit: number },
): Promise<EpochRewardsRow[]> {
  const epochs = await listEpochs(db, filter);
  const oldest = epochs.at(-1);
  const newest = epochs[0];
  if (oldest === undefined || newest === undefined) return [];
  const rows = await db
    .selectFrom('reward_lines')
    .selectAll()
    .where('key', '=', Buffer.from(filter.key))
    .where('epoch', '>=', oldest.epoch)
    .where('epoch', '<=', newest.epoch)
    .orderBy('ordinal')
    .execute();
  const lines = rows.map(toRewardLine);
  const releases = await listReleases(db, filter.key, oldest.epoch);
  return epochs.map(({ epoch }) => {
    const release = releases.get(epoch);
    return { epoch, lines: lines.filter((line) => line.epoch === epoch), ...(release ? { release } : {}) };
  });
}

/** By epoch, from `from` on. */
async function listReleases(
  db: Kysely<Schema>,
  key: Uint8Array,
  from: number,
): Promise<ReadonlyMap<number, NonNullable<EpochRewardsRow['release']>>> {
  const rows = await db
    .selectFrom('grace')
    .select(['epoch', 'released', 'paid_to'])
    .where('key', '=', Buffer.from(key))
    .where('epoch', '>=', from)
    .where('released', '>', 0n)
    .execute();
  return new Map(
    rows.map(({ epoch, released, paid_to }) => [
      epoch,
      { amount: released, ...(paid_to === null ? {} : { paidTo: paid_to }) },
    ]),
  );
}

/** All lines of an epoch in its canonical order: the leaves of its tree. */
export async function listEpochRewards(db: Kysely<Schema>, epoch: number): Promise<RewardLineRow[]> {
  const rows = await db.selectFrom('reward_lines').selectAll().where('epoch', '=', epoch).orderBy('ordinal').execute();
  return rows.map(toRewardLine);
}

/** What every owner has got since genesis up to an epoch: the leaves of the tree the contract checks claims against. */
export async function listOwnerTotals(
  db: Kysely<Schema>,
  epoch: number,
): Promise<{ readonly owner: Uint8Array; readonly cumulative: bigint }[]> {
  const { rows } = await sql<{ owner: Buffer; cumulative: bigint }>`
    SELECT DISTINCT ON (owner) owner, cumulative FROM sextant.owner_totals WHERE epoch <= ${epoch}
    ORDER BY owner, epoch DESC`.execute(db);
  return rows;
}

/** Base units: what all closed epochs paid a key, released grace pay among it, and what still waits after the newest. */
export async function sumRewards(
  db: Kysely<Schema>,
  key: Uint8Array,
): Promise<{ readonly paid: bigint; readonly held: bigint }> {
  const { rows } = await sql<{ paid: bigint; held: bigint }>`
    SELECT (SELECT coalesce(sum(amount), 0) FROM sextant.reward_lines WHERE key = ${key} AND NOT held)
         + (SELECT coalesce(sum(released), 0) FROM sextant.grace WHERE key = ${key}) AS paid,
           (SELECT coalesce(sum(held), 0) FROM sextant.grace
            WHERE key = ${key} AND epoch = (SELECT max(epoch) FROM sextant.epochs)) AS held`.execute(db);
  return rows[0] ?? { paid: 0n, held: 0n };
}

/** What an owner got in an epoch, and since genesis up to it; undefined when it has never got anything by then. */
export async function findOwnerTotal(
  db: Kysely<Schema>,
  owner: Uint8Array,
  epoch: number,
): Promise<{ readonly epoch: number; readonly amount: bigint; readonly cumulative: bigint } | undefined> {
  return db
    .selectFrom('owner_totals')
    .select(['epoch', 'amount', 'cumulative'])
    .where('owner', '=', Buffer.from(owner))
    .where('epoch', '<=', epoch)
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function toEpoch(row: Selectable<Schema['epochs']>): EpochRow {
  return {
    epoch: row.epoch,
    attempt: row.attempt,
    startMs: unixMs(Number(row.start_ms)),
    endMs: unixMs(Number(row.end_ms)),
    ruleSet: row.rule_set,
    ruleSetId: row.rule_set_id,
    coreVersion: row.core_version,
    summaryHash: row.summary_hash,
    summaryJson: row.summary,
    total: row.total,
    unminted: row.unminted,
    hotspotsPaid: row.hotspots_paid,
    covered: row.covered,
    surveyedNotCovered: row.surveyed_not_covered,
    outcomes: { valid: row.valid, invalid: row.invalid, insufficient: row.insufficient },
  };
}

function toRewardLine(row: Selectable<Schema['reward_lines']>): RewardLineRow {
  return {
    epoch: row.epoch,
    rewardClass: rewardClassCode.name(row.reward_class),
    key: row.key,
    shares: row.shares,
    amount: row.amount,
    held: row.held,
    count: row.count,
    densityScale: row.density_scale,
    ...(row.paid_to === null ? {} : { paidTo: row.paid_to }),
  };
}
