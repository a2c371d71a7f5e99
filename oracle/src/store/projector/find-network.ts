import { type Timing, unixMs } from '@sextant/firmware-bridge/protocol';
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** What the genesis record of the log says about the network; undefined before it has been read. */
export async function findNetwork(
  db: Kysely<Schema>,
): Promise<{ readonly networkId: string; readonly timing: Timing } | undefined> {
  const row = await db.selectFrom('network').selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    networkId: row.network_id,
    timing: {
      genesisMs: unixMs(Number(row.genesis_ms)),
      slotMs: Number(row.slot_ms),
      roundMs: Number(row.round_ms),
      epochMs: Number(row.epoch_ms),
      clockMarginMs: Number(row.clock_margin_ms),
      epochGraceMs: Number(row.epoch_grace_ms),
    },
  };
}
