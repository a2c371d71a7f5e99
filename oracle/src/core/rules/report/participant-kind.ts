import type { ParticipantKind, Report } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds } from '../check-result.ts';
import type { Recorded } from '../context.ts';

const SENDER_OF: Readonly<Partial<Record<Report['kind'], ParticipantKind>>> = {
  beacon: 'hotspot',
  witness: 'hotspot',
  location_assertion: 'hotspot',
  survey: 'survey_device',
  chain_anchor: 'survey_device',
};

/** Hotspots beacon, witness and assert a place; survey devices survey and anchor their chain. Neither does the other's. */
export function checkParticipantKind(context: Recorded & { readonly report: Report }): CheckResult {
  const wanted = SENDER_OF[context.report.kind];
  const allowed = wanted === undefined || context.participant?.kind === wanted;
  return holds('participant_kind', 'wrong_participant_kind', allowed);
}
