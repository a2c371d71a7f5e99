import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  epochStartMs,
  type Report,
  revealAtMs,
  roundStartMs,
  roundsPerEpoch,
  slotStartMs,
  slotsPerRound,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import { beaconOf, type OnAir, surveyOf, witnessOf } from './radio.ts';
import { createSeeded } from './seeded.ts';
import {
  anchorOf,
  assertionOf,
  certificateOf,
  grantOf,
  invitationOf,
  type Member,
  shadowBetween,
  type World,
} from './world.ts';

export type RecordBody = ValidatorRecord extends infer R
  ? R extends ValidatorRecord
    ? Omit<R, 'validator'>
    : never
  : never;

/** Something that reaches the validators at a time: a report, an entry as it is, or what they themselves have to record. */
export type Event =
  | { readonly atMs: number; readonly from: Signer; readonly report: Report }
  | { readonly atMs: number; readonly entry: Uint8Array }
  | { readonly atMs: number; readonly record: RecordBody };

const DELIVERY_MS = 400;

export const sent = (member: Member, atMs: number, report: Report): Event => ({ atMs, from: member.signer, report });
export const recorded = (atMs: number, record: RecordBody): Event => ({ atMs, record });

/** Invitations, grants, places and anchors, in the first seconds. */
export function beginning(world: World, lastGrantedEpoch = 1_000): Event[] {
  const atMs = world.timing.genesisMs + 500;
  const members = [...world.hotspots, ...world.surveyDevices];
  return [
    ...members.map((member) => recorded(atMs, invitationOf(world, member))),
    ...[...world.surveyDevices, ...world.anchors].map((member) => recorded(atMs, grantOf(member, lastGrantedEpoch))),
    ...world.hotspots.map((hotspot) => sent(hotspot, atMs + 1_000, assertionOf(hotspot))),
    ...world.surveyDevices.map((device) => sent(device, atMs + 1_000, anchorOf(device))),
  ];
}

/** Certificates of the rounds `from` … `to`, each 2W before its round. */
export function certificates(world: World, from: number, to: number): Event[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const atMs = roundStartMs(world.timing, from + i) - 2 * world.timing.clockMarginMs;
    return recorded(Math.max(atMs, world.timing.genesisMs), certificateOf(world, from + i));
  });
}

/** The reveal of a transmission when it is due, and what every hotspot of the world that heard it reports at once. */
export function heardByAll(world: World, onAir: OnAir): Event[] {
  const reveal = sent(onAir.sender, revealAtMs(world.timing, onAir.slot) + DELIVERY_MS, onAir.reveal);
  const witnesses = world.hotspots
    .filter((hotspot) => hotspot.key !== onAir.sender.key)
    .flatMap((hotspot) => {
      const report = witnessOf(hotspot, onAir, shadowBetween(world, hotspot, onAir));
      return report ? [sent(hotspot, report.receivedAtMs + DELIVERY_MS, report)] : [];
    });
  return [...witnesses, reveal];
}

/** Where a survey device is in a slot: it drives in a circle around where it started, a kilometre a minute. */
function placeOf(device: Member, slot: number): { lat: number; lng: number } {
  const angle = slot / 12;
  return { lat: device.lat + 0.03 * Math.sin(angle), lng: device.lng + 0.045 * Math.cos(angle) };
}

const SLOTS_BETWEEN_SURVEYS = 4;

/** Everything honest participants do in a round of an epoch that their places are in force in. */
export function honestRound(world: World, round: number): Event[] {
  const firstSlot = round * slotsPerRound(world.timing);
  const beacons = world.hotspots.flatMap((hotspot) => heardByAll(world, beaconOf(world, hotspot, round)));
  const surveys = world.surveyDevices.flatMap((device) =>
    Array.from({ length: Math.floor(slotsPerRound(world.timing) / SLOTS_BETWEEN_SURVEYS) }, (_, i) => {
      const slot = firstSlot + i * SLOTS_BETWEEN_SURVEYS;
      const index = Math.floor(slot / SLOTS_BETWEEN_SURVEYS) + 1;
      return heardByAll(world, surveyOf(world, device, { index, slot, ...placeOf(device, slot) }));
    }).flat(),
  );
  const random = createSeeded(round);
  const statuses = world.hotspots.map((hotspot) =>
    sent(hotspot, slotStartMs(world.timing, firstSlot) + random.integer(0, 20_000), {
      kind: 'gateway_status',
      framesReceived: round,
      framesSent: random.integer(0, 9),
      gatewaySoftware: 'world 1',
      gpsLock: false,
    }),
  );
  return [...beacons, ...surveys, ...statuses];
}

/** The life of an honest network from genesis to the end of an epoch. Places come into force with round 2. */
export function honestLife(world: World, lastEpoch: number): Event[] {
  const rounds = (lastEpoch + 1) * roundsPerEpoch(world.timing);
  const life = Array.from({ length: Math.max(0, rounds - 2) }, (_, i) => honestRound(world, i + 2));
  return [...beginning(world), ...certificates(world, 0, rounds), ...life.flat()];
}

export function epochEndMs(world: World, epoch: number): number {
  return epochStartMs(world.timing, epoch + 1);
}
