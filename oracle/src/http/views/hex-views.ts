import type { FootprintView, HexView } from '../../api/index.ts';
import { findCellCentre } from '../../core/geometry/cell.ts';
import type { CellCentre } from '../../core/geometry/cell-cache.ts';
import { distanceM } from '../../core/geometry/distance.ts';
import {
  type CellWitnessRow,
  type CoverageWindow,
  getHex,
  type HotspotRow,
  listCellWitnesses,
  listFootprint,
  listHotspots,
} from '../../store/index.ts';
import { cellBoundary } from '../tiles/index.ts';
import { nameOf, participantRef, roundNow, type ViewContext } from './view-context.ts';

const WITNESSES_SHOWN = 50;

/** A hexagon of resolution 1–9, in a closed epoch or (`epoch` undefined) live. */
export async function readHex(
  context: ViewContext,
  { cell, resolution }: { readonly cell: bigint; readonly resolution: number },
  epoch: number | undefined,
): Promise<HexView> {
  const window: CoverageWindow = epoch === undefined ? context.liveWindow() : { epoch };
  const hex = await getHex(context.db, window, cell);
  const witnesses = await listCellWitnesses(context.db, window, cell, WITNESSES_SHOWN);
  const { covered, surveyedNotCovered, links, surveyTransmissions, bestEspDdbm, bestSnrDdb, lastSeenMs } = hex;
  return {
    cell: cell.toString(16),
    resolution,
    boundary: cellBoundary(cell),
    ...(epoch === undefined ? {} : { epoch }),
    state: covered > 0 ? 'covered' : surveyedNotCovered > 0 ? 'surveyed_not_covered' : 'unknown',
    ...(bestEspDdbm === undefined ? {} : { bestEspDdbm }),
    ...(bestSnrDdb === undefined ? {} : { bestSnrDdb }),
    links,
    witnesses: hex.witnesses,
    surveyTransmissions,
    ...(lastSeenMs === undefined ? {} : { lastSeenMs }),
    cells: { covered, surveyedNotCovered },
    heardBy: await toWitnesses(context, witnesses, cell),
  };
}

/** A witness without an assertion in force (it was succeeded by another key) has no place and is left out. */
async function toWitnesses(
  context: ViewContext,
  witnesses: readonly CellWitnessRow[],
  cell: bigint,
): Promise<HexView['heardBy']> {
  if (witnesses.length === 0) return [];
  const keys = witnesses.map(({ witness }) => witness);
  const hotspots = await listHotspots(context.db, { round: roundNow(context), keys, limit: keys.length });
  const byKey = new Map<string, HotspotRow>(hotspots.map((row) => [nameOf(row.key), row]));
  const cache = new Map<bigint, CellCentre>();
  const from = findCellCentre(cell, cache);
  return witnesses.flatMap((row) => {
    const at = byKey.get(nameOf(row.witness))?.assertion.cell;
    const to = at === undefined ? undefined : findCellCentre(at, cache);
    if (at === undefined || from === undefined || to === undefined) return [];
    return {
      ...participantRef(context, row.witness, 'hotspot'),
      cell: at.toString(16),
      boundary: cellBoundary(at),
      bestEspDdbm: row.bestEspDdbm,
      bestSnrDdb: row.bestSnrDdb,
      links: row.links,
      distanceM: distanceM(from, to),
      lastSeenMs: row.lastSeenMs,
    };
  });
}

/** Every cell a hotspot hears, live. */
export async function readFootprint(context: ViewContext, key: Uint8Array): Promise<FootprintView> {
  const rows = await listFootprint(context.db, context.liveWindow(), key);
  return {
    hotspot: participantRef(context, key, 'hotspot'),
    cells: rows.map(({ cell, bestEspDdbm, links }) => ({
      cell: cell.toString(16),
      boundary: cellBoundary(cell),
      bestEspDdbm,
      links,
    })),
  };
}
