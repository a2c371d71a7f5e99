import {
  metres,
  type Report,
  revealAtMs,
  roundStartMs,
  slotStartMs,
  slotsPerRound,
  unixMs,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import { beaconOf, surveyOf, witnessOf } from './radio.ts';
import { createSeeded, seededBytes } from './seeded.ts';
import { type Event, honestLife, sent } from './timeline.ts';
import { assertionOf, type Member, type World } from './world.ts';
import { batchEntry } from './write-log.ts';

/**
 * The life of a network with a little of everything that is void, late, copied or forged in it. Of at least four hotspots;
 * needs survey devices for what they can do.
 */
export function mischief(world: World, lastEpoch: number): Event[] {
  const random = createSeeded(lastEpoch + world.hotspots.length);
  const life = honestLife(world, lastEpoch);
  const wrongs = Array.from({ length: 2 * lastEpoch }, (_, i) => wrongsOfRound(world, i + 2)).flat();
  const copies = life.flatMap((event) =>
    'from' in event && random.next() < 0.1
      ? [{ ...event, atMs: event.atMs + random.integer(1, 2 * world.timing.epochMs) }]
      : [],
  );
  return [...life, ...wrongs, ...copies];
}

function wrongsOfRound(world: World, round: number): Event[] {
  const { timing } = world;
  const member = (i: number): Member => world.hotspots[(round + i) % world.hotspots.length] as Member;
  const [sender, witness, forger, mover] = [member(0), member(1), member(2), member(3)];
  const beacon = beaconOf(world, sender, round);
  const startMs = roundStartMs(timing, round);
  const events: Event[] = [];
  const heard = witnessOf(witness, beacon);
  if (heard) {
    const atMs = heard.receivedAtMs + 300;
    const late = revealAtMs(timing, beacon.slot) + 1_000;
    events.push(
      sent(forger, atMs, heard),
      sent(witness, atMs, { ...heard, gatewayTimeUs: 3 }),
      sent(forger, late, { ...heard, commitment: witnessCommitment(beacon.nonce, forger.key), gatewayTimeUs: 9 }),
      sent(forger, atMs, { ...heard, beaconTag: Uint8Array.of(round, 0, 0, 1), commitment: seededBytes(round) }),
    );
  }
  const twin = { ...beacon.reveal, sentAtMs: unixMs(beacon.reveal.sentAtMs + 7) };
  if (round % 3 === 0) events.push(sent(sender, revealAtMs(timing, beacon.slot) + 2_000, twin));
  const number = round % 4 === 0 ? 1 : round;
  events.push(sent(mover, startMs + 11_000, assertionOf(mover, { number, antennaAglM: metres(20 + round) })));
  const name = { incarnation: 9n, sequence: round };
  const status = (framesSent: number): Report => ({
    kind: 'gateway_status',
    framesReceived: round,
    framesSent,
    gatewaySoftware: 'wrong',
    gpsLock: true,
  });
  for (const framesSent of [70, 71]) {
    events.push({ atMs: startMs + 20_000, entry: batchEntry(world, witness.signer, [status(framesSent)], name) });
  }
  return [...events, ...wrongSurveys(world, round)];
}

/** An index spent twice, and one nobody hears. */
function wrongSurveys(world: World, round: number): Event[] {
  const [device] = world.surveyDevices;
  if (!device) return [];
  const slot = round * slotsPerRound(world.timing) + 2;
  const index = Math.floor(slot / 4) + 1;
  const onAir = surveyOf(world, device, { index, slot, lat: device.lat + 0.4, lng: device.lng });
  const far = surveyOf(world, device, { index: index + 1, slot: slot + 3, lat: device.lat + 1, lng: device.lng });
  return [
    ...(round % 2 === 0 ? [sent(device, revealAtMs(world.timing, slot) + 500, onAir.reveal)] : []),
    ...(round % 5 === 0 ? [sent(device, slotStartMs(world.timing, slot + 9), far.reveal)] : []),
  ];
}
