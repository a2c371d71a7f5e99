import type { Timing } from '@sextant/firmware-bridge/protocol';
import type { Kysely } from 'kysely';
import { findNetwork } from '../projector/find-network.ts';
import { roundStateCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';

export interface NetworkRow {
  readonly networkId: string;
  readonly timing: Timing;
  readonly ruleSet: number;
  readonly ruleSetId: Uint8Array;
}

/** What the genesis record says; undefined before it was read. */
export async function findNetworkRow(db: Kysely<Schema>): Promise<NetworkRow | undefined> {
  const network = await findNetwork(db);
  const row = await db.selectFrom('network').select(['rule_set', 'rule_set_id']).executeTakeFirst();
  if (network === undefined || row === undefined) return undefined;
  return { ...network, ruleSet: row.rule_set, ruleSetId: row.rule_set_id };
}

/** `pending`: the log says nothing about the round yet. */
export async function findRoundState(db: Kysely<Schema>, round: number): Promise<'pending' | 'certified' | 'void'> {
  const row = await db.selectFrom('rounds').select('state').where('round', '=', BigInt(round)).executeTakeFirst();
  return row === undefined ? 'pending' : roundStateCode.name(row.state);
}
