import { type Kysely, sql } from 'kysely';
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

/** What is an owner's, by key. */
export async function listOwned(
  db: Kysely<Schema>,
  page: { readonly owner: Uint8Array; readonly after?: Uint8Array; readonly limit: number },
): Promise<OwnedRow[]> {
  const rows = await db
    .selectFrom('participants')
    .select(['key', 'kind', 'name'])
    .where('owner', '=', Buffer.from(page.owner))
    .where('key', '>', Buffer.from(page.after ?? []))
    .orderBy('key')
    .limit(page.limit)
    .execute();
  return rows.map(({ key, kind, name }) => ({ key, kind: participantCode.name(kind), name }));
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

/** Reward lines of some keys from epoch `from` to epoch `to`, both included, summed by key, class and whether they are held. */
export async function sumOwnerLines(
  db: Kysely<Schema>,
  { keys, from, to }: { readonly keys: readonly Uint8Array[]; readonly from: number; readonly to: number },
): Promise<OwnerLineRow[]> {
  const { rows } = await sql<StoredSum>`
    SELECT key, reward_class, held, sum(amount) AS amount, count(DISTINCT epoch) AS epochs, sum(count) AS count
    FROM sextant.reward_lines
    WHERE key = ANY(${keys.map((key) => Buffer.from(key))}::bytea[]) AND epoch BETWEEN ${from} AND ${to}
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
