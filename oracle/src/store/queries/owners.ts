import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RewardClass } from '../../core/epoch/result.ts';
import { participantCode, rewardClassCode, type StoredParticipantKind } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';

export async function countOwned(db: Kysely<Schema>, owner: Uint8Array): Promise<number> {
  const { count } = await db
    .selectFrom('participants')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('owner', '=', Buffer.from(owner))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The first epoch after which the owner had got more than `claimed` since genesis; undefined when there is none. */
export async function findUnclaimedFrom(
  db: Kysely<Schema>,
  owner: Uint8Array,
  claimed: bigint,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('owner_totals')
    .select('epoch')
    .where('owner', '=', Buffer.from(owner))
    .where('cumulative', '>', claimed)
    .orderBy('epoch')
    .limit(1)
    .executeTakeFirst();
  return row?.epoch;
}

export interface OwnedRow {
  readonly key: Uint8Array;
  readonly kind: StoredParticipantKind;
  readonly name: string;
}

/** What is an account's, or was when something was paid to it, by key. */
export async function listOwned(
  db: Kysely<Schema>,
  { owner, after, limit }: { readonly owner: Uint8Array; readonly after?: Uint8Array; readonly limit: number },
): Promise<OwnedRow[]> {
  const { rows } = await sql<{ key: Buffer; kind: number; name: string }>`
    SELECT key, kind, name FROM sextant.participants
    WHERE key > ${Buffer.from(after ?? [])} AND (owner = ${Buffer.from(owner)}
      OR key IN (SELECT key FROM sextant.reward_lines WHERE paid_to = ${Buffer.from(owner)})
      OR key IN (SELECT key FROM sextant.grace WHERE paid_to = ${Buffer.from(owner)}))
    ORDER BY key LIMIT ${limit}`.execute(db);
  return rows.map(({ key, kind, name }) => ({ key, kind: participantCode.name(kind), name }));
}

/** Epochs, both included, and keys. */
export interface OwnerRange {
  readonly owner: Uint8Array;
  readonly keys: readonly Uint8Array[];
  readonly from: number;
  readonly to: number;
}

const isInRange = ({ keys, from, to }: OwnerRange): RawBuilder<boolean> =>
  sql<boolean>`key = ANY(${keys.map((key) => Buffer.from(key))}::bytea[]) AND epoch BETWEEN ${from} AND ${to}`;

/** Grace pay of a key, base units. */
export interface OwnerGraceRow {
  /** Held before and paid to the account in the range. */
  readonly released: bigint;
  /** What still waits after the last closed epoch of the range, if the key is the account's. */
  readonly held: bigint;
}

/** By the latin1 text of the key; only where there is something of either. */
export async function sumGrace(db: Kysely<Schema>, range: OwnerRange): Promise<ReadonlyMap<string, OwnerGraceRow>> {
  const { rows } = await sql<OwnerGraceRow & { key: Buffer }>`
    SELECT key, coalesce(sum(released) FILTER (WHERE coalesce(paid_to, owner) = ${Buffer.from(range.owner)}), 0) AS released,
      coalesce(sum(held) FILTER (WHERE owner = ${Buffer.from(range.owner)}
        AND epoch = (SELECT max(epoch) FROM sextant.epochs WHERE epoch <= ${range.to})), 0) AS held
    FROM sextant.grace JOIN sextant.participants USING (key)
    WHERE ${isInRange(range)} GROUP BY key`.execute(db);
  return new Map(rows.map(({ key, released, held }) => [key.toString('latin1'), { released, held }]));
}

/** What a class paid a key in a range of epochs. */
export interface OwnerLineRow {
  readonly key: Uint8Array;
  readonly rewardClass: RewardClass;
  readonly held: boolean;
  readonly amount: bigint;
  readonly epochs: number;
  readonly count: number;
}

/**
 * An account's reward lines of some keys in a range of epochs, summed by key, class and whether they are held. What an
 * epoch names no payee for is whose the key is now: held lines, and everything under rule set 1.
 */
export async function sumOwnerLines(db: Kysely<Schema>, range: OwnerRange): Promise<OwnerLineRow[]> {
  const { rows } = await sql<StoredSum>`
    SELECT key, reward_class, held, sum(amount) AS amount, count(DISTINCT epoch) AS epochs, sum(count) AS count
    FROM sextant.reward_lines JOIN sextant.participants USING (key)
    WHERE ${isInRange(range)} AND coalesce(paid_to, owner) = ${Buffer.from(range.owner)}
    GROUP BY key, reward_class, held ORDER BY key, reward_class, held`.execute(db);
  return rows.map(({ key, reward_class, held, amount, epochs, count }) => ({
    key,
    rewardClass: rewardClassCode.name(reward_class),
    held,
    amount,
    epochs: Number(epochs),
    count: Number(count),
  }));
}

interface StoredSum {
  readonly key: Buffer;
  readonly reward_class: number;
  readonly held: boolean;
  readonly amount: bigint;
  readonly epochs: bigint;
  readonly count: bigint;
}
