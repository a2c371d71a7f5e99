import { airtimeUsage } from '../beaconing/airtime-usage.ts';
import { REGION_PLANS } from '../protocol/index.ts';
import type { ParticipantStatus } from './bridge-status.ts';
import type { Participant } from './participant.ts';
import { radioOf } from './participant-options.ts';

/** Everything an owner can ask about one participant. */
export async function participantStatus(participant: Participant): Promise<ParticipantStatus> {
  const { options, modules, partition, ledger, diary, reveals, witness, sessions, delivery } = participant;
  const { regionPlan } = radioOf(options);
  const state = modules.driver.gateways().find(({ eui }) => eui === options.eui);
  const seen = state ? { lastSeenMs: state.lastSeenMs, canTransmit: state.canTransmit } : {};
  // A failing disk is told elsewhere: it must not take the whole status with it.
  const deadLetters = await partition.deadLetters().catch(() => []);
  return {
    id: options.id,
    name: modules.keys.name,
    kind: options.kind,
    eui: options.eui,
    regionPlan,
    ...(options.kind === 'hotspot' ? { cell: options.place.cell.toString(16) } : {}),
    gateway: { connected: state?.connected ?? false, ...seen, powerLevelsDdbm: state?.powerLevelsDdbm ?? [] },
    warnings: [...participant.warnings.values()],
    sessions: sessions.map((session) => session.status()),
    frames: participant.frames.status(),
    witness: witness.counts(),
    transmissions: diary.status(),
    pendingReveals: reveals.count,
    standing: standingOf(participant),
    airtime: airtimeUsage(REGION_PLANS[regionPlan], ledger.state(), modules.clock.now()),
    outbox: partition.status(),
    delivery: delivery.counts(),
    deadLetters: deadLetters.map(({ reason, refusedAtMs, reports }) => ({ reason, refusedAtMs, reports })),
    verdicts: participant.verdicts.status(),
  };
}

function standingOf({ sender }: Participant): string {
  if (sender.kind === 'survey_device') {
    const { number } = sender.anchors.anchors.at(-1) ?? {};
    return number === undefined
      ? 'no hash chain is anchored'
      : `hash chain ${number}, next index ${sender.runner.nextIndex}`;
  }
  const newest = sender.assertions.assertions.at(-1);
  if (!newest) return 'no location is asserted';
  const { assertion, inForce, isRefused } = newest;
  const claim = `location claim ${assertion.number}`;
  if (isRefused) return `${claim} was refused by the network: see the dead letters`;
  return inForce ? `${claim}, in force from round ${inForce.latestRound}` : `${claim} is waiting for its receipt`;
}
