import { z } from 'zod';
import type { LiveHex, LiveRound } from '../../api/index.ts';
import { CoverageStateName } from './hex.ts';
import { HexCountsSchema, RoundStateName } from './network.ts';
import { BoundaryRing, Cell, count, tenths } from './text.ts';
import { view } from './view.ts';

// Data of the live events that nothing else answers; they are in the document by their names.
view<LiveHex>()(
  'LiveHex',
  'A hexagon whose live coverage has changed',
  z.object({
    cell: Cell,
    boundary: BoundaryRing,
    state: CoverageStateName,
    bestEspDdbm: tenths.exactOptional(),
    links: count,
    witnesses: count,
    lastSeenMs: count,
    hexes: HexCountsSchema,
  }),
);

view<LiveRound>()(
  'LiveRound',
  'The running round',
  z.object({
    round: z.int(),
    epoch: z.int(),
    state: RoundStateName,
    serverTimeMs: count,
    hotspots: count,
    hotspotsActive: count,
  }),
);
