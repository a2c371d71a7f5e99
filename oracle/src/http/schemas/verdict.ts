import {
  CHECK_UNITS,
  OUTCOMES,
  type Outcome,
  REASONS,
  type Reason,
  SUBJECT_KINDS,
  type SubjectKind,
} from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import type { OutcomeCounts, Page, ParticipantRef, VerdictView } from '../../api/index.ts';
import { count, Hash, ParticipantIdText, pageOf, tenths } from './text.ts';
import { named, view } from './view.ts';

export const ReasonName = named(
  'Reason',
  'Why a report is not valid; oracle/docs/rules.md explains each',
  z.enum(Object.keys(REASONS) as Reason[]),
);
export const OutcomeName = z.enum(Object.keys(OUTCOMES) as Outcome[]);

export const Participant = view<ParticipantRef>()(
  'ParticipantRef',
  'A participant, with the three-word name people read',
  z.object({ id: ParticipantIdText, name: z.string() }),
);

export const Outcomes = view<OutcomeCounts>()(
  'OutcomeCounts',
  'Verdicts by outcome',
  z.object({ valid: count, invalid: count, insufficient: count }),
);

export const CheckLine = z.object({
  check: z.string(),
  observed: z.int().exactOptional(),
  limit: z.int().exactOptional(),
  margin: z.int().describe('Distance to the limit; positive = inside it').exactOptional(),
  unit: z.enum(CHECK_UNITS),
});

const VerdictSchema = view<VerdictView>()(
  'VerdictView',
  'One verdict with the numbers it rests on, as it stands now',
  z.object({
    reportId: Hash,
    subject: z.enum(Object.keys(SUBJECT_KINDS) as SubjectKind[]),
    outcome: OutcomeName,
    reason: ReasonName,
    checks: z.array(CheckLine),
    reporter: Participant,
    sender: Participant.exactOptional(),
    round: count,
    epoch: count,
    final: z.boolean().describe('False while a later report can still change it'),
    atMs: count,
    heardBy: Outcomes.exactOptional(),
    espDdbm: tenths.exactOptional(),
    distanceM: count.exactOptional(),
  }),
);

export const VerdictPage = view<Page<VerdictView>>()('VerdictPage', 'Verdicts, newest first', pageOf(VerdictSchema));
