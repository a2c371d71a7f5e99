import type { Check, Outcome, Reason } from '@sextant/firmware-bridge/protocol';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { StandingAccusation } from '../../core/location/evidence.ts';
import type { LawNumbers } from '../../core/location/propagation-model.ts';
import { outcomeCode, reasonCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import type { StoredPlaceLink } from '../schema/stored-location.ts';

/** What a closed epoch said about the place of a hotspot. Trust is in 1/10,000. */
export interface LocationRow {
  readonly epoch: number;
  /** As asserted. */
  readonly cell: bigint;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly checks: readonly Check[];
  readonly gapMicronats: number;
  /** Absent without any link. */
  readonly likeliestCell?: bigint;
  readonly region: readonly bigint[];
  /** Independent ones that are trusted at all, and what theirs adds up to. */
  readonly witnesses: number;
  readonly witnessTrust: number;
  readonly trust: number;
  readonly doubtfulEpochs: number;
  readonly links: readonly StoredPlaceLink[];
  readonly accusations: readonly StandingAccusation[];
  /** Of its area; absent where too few are proven there to tell. */
  readonly law?: LawNumbers;
}

/**
 * The verdict of an epoch on a key's place; without one that of the newest closed epoch. Undefined when that epoch has
 * none: its rule set judges no places, the key had none then, or it is too long ago.
 */
export async function findLocation(
  db: Kysely<Schema>,
  key: Uint8Array,
  epoch?: number,
): Promise<LocationRow | undefined> {
  const row = await db
    .selectFrom('locations')
    .selectAll()
    .where('key', '=', Buffer.from(key))
    .where('epoch', '=', epoch ?? sql<number>`(SELECT max(epoch) FROM sextant.epochs)`)
    .executeTakeFirst();
  return row === undefined ? undefined : toLocation(row);
}

function toLocation(row: Selectable<Schema['locations']>): LocationRow {
  return {
    epoch: row.epoch,
    cell: row.cell,
    outcome: outcomeCode.name(row.outcome),
    reason: reasonCode.name(row.reason),
    checks: row.checks,
    gapMicronats: Number(row.gap_micronats),
    ...(row.likeliest_cell === null ? {} : { likeliestCell: row.likeliest_cell }),
    region: row.region.map((cell) => BigInt(`0x${cell}`)),
    witnesses: row.witnesses,
    witnessTrust: row.witness_trust,
    trust: row.trust,
    doubtfulEpochs: row.doubtful_epochs,
    links: row.links,
    accusations: row.accusations,
    ...(row.law === null ? {} : { law: row.law }),
  };
}
