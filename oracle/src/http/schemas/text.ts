import { z } from 'zod';
import { named } from './view.ts';

/** How values travel; the texts of oracle/src/api/text.ts. */
export const Hash = named('Hash', '32 bytes, lower-case hex', z.string().regex(/^[0-9a-f]{64}$/));
export const Amount = named('Amount', 'Base units (10^-18 token), decimal', z.string().regex(/^(0|[1-9][0-9]{0,77})$/));
export const Cell = named('Cell', 'H3 index, 15 lower-case hex digits', z.string().regex(/^[0-9a-f]{15}$/));
export const Address = named('Address', 'EVM address', z.string().regex(/^0x[0-9a-f]{40}$/));
export const ParticipantIdText = named(
  'ParticipantId',
  'bech32m of a public key: hs1… a hotspot, sv1… a survey device',
  z.string().regex(/^(hs|sv)1[02-9ac-hj-np-z]{58}$/),
);
const LngLatPair = z.tuple([z.number(), z.number()]);
export const BoundaryRing = named(
  'Boundary',
  'Corners of a hexagon as [longitude, latitude], anticlockwise, not closed',
  z.array(LngLatPair),
);
export const BoundsBox = named(
  'Bounds',
  'West, south, east, north in degrees; west > east across the antimeridian',
  z.tuple([z.number(), z.number(), z.number(), z.number()]),
);

/** Not negative: counts, indexes, Unix milliseconds. */
export const count = z.int().nonnegative();
/** Tenths of dB, dBm or dBi. */
export const tenths = z.int();

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().describe('Cursor of the next page; absent on the last one').exactOptional(),
  });
