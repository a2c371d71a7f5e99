import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { sql, type Transaction } from 'kysely';
import type { StandingAccusation } from '../../core/location/evidence.ts';
import type { LocationVerdict } from '../../core/location/judge-location.ts';
import type { WeighingLink } from '../../core/location/weigh-claim.ts';
import { outcomeCode, reasonCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import type { StoredPlaceLink } from '../schema/stored-location.ts';
import type { ClosedEpoch } from './ports.ts';
import { unnest } from './unnest.ts';

/** Closed epochs whose verdicts on places are kept; what was said before follows from the log. */
const LOCATION_EPOCHS = 100;

/** Rows a statement: each may have some kilobytes. */
const CHUNK = 500;
/** There are fewer in what the core says: nothing written here grows without end. */
const CHECKS_MAX = 32;
const LINKS_MAX = 14;
const REGION_MAX = 64;
const ACCUSATIONS_MAX = 16;

type LocatedEpoch = Pick<ClosedEpoch, 'locations' | 'state'>;

/** What an epoch says about places, after what it said before was taken out; what is too old goes. */
export async function writeLocations(tx: Transaction<Schema>, epoch: number, result: LocatedEpoch): Promise<void> {
  const { locations } = result;
  for (let i = 0; i < locations.length; i += CHUNK) {
    await writeChunk(tx, epoch, result, locations.slice(i, i + CHUNK));
  }
  await sql`DELETE FROM sextant.locations WHERE epoch <= ${epoch - LOCATION_EPOCHS}`.execute(tx);
}

async function writeChunk(
  tx: Transaction<Schema>,
  epoch: number,
  { state }: LocatedEpoch,
  verdicts: readonly LocationVerdict[],
): Promise<void> {
  const standingOf = (radio: number) => state.places[radio]?.standing;
  const trustOf = (radio: number): number => standingOf(radio)?.trust ?? 0;
  const incoming = unnest(verdicts, {
    key: ['bytea', (row) => row.key],
    cell: ['bigint', (row) => row.cell],
    outcome: ['smallint', (row) => outcomeCode.number(row.outcome)],
    reason: ['smallint', (row) => reasonCode.number(row.reason)],
    gap_micronats: ['bigint', (row) => row.gapMicronats],
    likeliest_cell: ['bigint', (row) => row.likeliestCell],
    witnesses: ['integer', (row) => row.witnesses.length],
    witness_trust: ['integer', (row) => row.witnesses.reduce((sum, witness) => sum + trustOf(witness), 0)],
    trust: ['integer', (row) => trustOf(row.radio)],
    doubtful_epochs: ['integer', (row) => standingOf(row.radio)?.doubt?.epochs ?? 0],
    checks: ['jsonb', (row) => JSON.stringify(row.checks.slice(0, CHECKS_MAX))],
    region: ['jsonb', (row) => JSON.stringify(row.region.slice(0, REGION_MAX).map(cellText))],
    links: ['jsonb', (row) => JSON.stringify(row.links.slice(0, LINKS_MAX).map(toStoredLink))],
    accusations: [
      'jsonb',
      (row) =>
        JSON.stringify((standingOf(row.radio)?.accusations ?? []).slice(0, ACCUSATIONS_MAX).map(toStoredAccusation)),
    ],
    law: ['jsonb', (row) => row.law && JSON.stringify(row.law)],
  });
  await sql`
    INSERT INTO sextant.locations (epoch, key, cell, outcome, reason, gap_micronats, likeliest_cell, witnesses,
      witness_trust, trust, doubtful_epochs, checks, region, links, accusations, law)
    SELECT ${epoch}, incoming.* FROM ${incoming}`.execute(tx);
}

const cellText = (cell: bigint): string => cell.toString(16);

function toStoredLink(link: WeighingLink): StoredPlaceLink {
  const { otherKey, otherCell, kind, lossDdb, expectedLossDdb, weight, againstMicronats } = link;
  return {
    key: bytesToHex(otherKey),
    cell: cellText(otherCell),
    kind,
    lossDdb,
    expectedLossDdb,
    weight,
    againstMicronats,
  };
}

const toStoredAccusation = (accusation: StandingAccusation): StandingAccusation => ({
  ...accusation,
  checks: accusation.checks.slice(0, CHECKS_MAX),
});
