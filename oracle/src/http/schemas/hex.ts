import { z } from 'zod';
import type { HexView, HexWitness } from '../../api/index.ts';
import { COVERAGE_STATES, type CoverageState } from '../../core/epoch/result.ts';
import { BoundaryRing, Cell, count, tenths } from './text.ts';
import { Participant } from './verdict.ts';
import { view } from './view.ts';

export const CoverageStateName = z.enum(Object.keys(COVERAGE_STATES) as CoverageState[]);

const HexWitnessSchema = view<HexWitness>()(
  'HexWitness',
  'A hotspot that hears transmissions from a hexagon',
  z.object({
    ...Participant.shape,
    cell: Cell,
    boundary: BoundaryRing,
    bestEspDdbm: tenths,
    bestSnrDdb: tenths,
    links: count,
    distanceM: count,
    lastSeenMs: count,
  }),
);

export const HexSchema = view<HexView>()(
  'HexView',
  'What is proven about a hexagon',
  z.object({
    cell: Cell,
    resolution: count,
    boundary: BoundaryRing,
    epoch: count.describe('Absent = live').exactOptional(),
    state: z.enum([...CoverageStateName.options, 'unknown']),
    bestEspDdbm: tenths.exactOptional(),
    bestSnrDdb: tenths.exactOptional(),
    links: count,
    witnesses: count,
    surveyTransmissions: count,
    lastSeenMs: count.exactOptional(),
    cells: z.object({ covered: count, surveyedNotCovered: count }),
    heardBy: z.array(HexWitnessSchema),
  }),
);
