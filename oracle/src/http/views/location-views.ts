import { hexToBytes } from '@sextant/firmware-bridge/protocol';
import type { LocationView, PlaceCellView, PlaceLinkView } from '../../api/index.ts';
import { accusationView } from '../../explain/accusation-account.ts';
import { findLocation, type StoredPlaceLink } from '../../store/index.ts';
import { cellBoundary } from '../tiles/index.ts';
import { participantRef, type ViewContext } from './view-context.ts';

/** What an epoch, or without one the newest closed, said about a hotspot's place. Undefined when it said nothing. */
export async function readLocation(
  context: ViewContext,
  key: Uint8Array,
  epoch: number | undefined,
): Promise<LocationView | undefined> {
  const row = await findLocation(context.db, key, epoch);
  if (row === undefined) return undefined;
  const { cell, likeliestCell, region, links, accusations, ...rest } = row;
  const { accusationNumbers: numbers } = context;
  return {
    hotspot: participantRef(context, key, 'hotspot'),
    ...rest,
    ...placeCell(cell),
    ...(likeliestCell === undefined ? {} : { likeliest: placeCell(likeliestCell) }),
    region: region.map(placeCell),
    links: links.map((link) => toLink(context, link)),
    accusations: numbers ? accusations.map((one) => accusationView(one, row.epoch, numbers)) : [],
  };
}

const placeCell = (cell: bigint): PlaceCellView => ({ cell: cell.toString(16), boundary: cellBoundary(cell) });

function toLink(context: ViewContext, { key, cell, ...link }: StoredPlaceLink): PlaceLinkView {
  return {
    other: participantRef(context, hexToBytes(key)),
    ...placeCell(BigInt(`0x${cell}`)),
    ...link,
    residualDdb: link.expectedLossDdb - link.lossDdb,
  };
}
