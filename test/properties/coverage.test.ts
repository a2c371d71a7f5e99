import { roundStartMs, slotsPerRound } from '@sextant/firmware-bridge/protocol';
import { cellToParent, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { outcomeOf } from '../support/world/outcome-of.ts';
import { beaconOf, surveyOf, witnessOf } from '../support/world/radio.ts';
import { beginning, certificates, heardByAll, sent } from '../support/world/timeline.ts';
import { assertionOf, createWorld, type Member } from '../support/world/world.ts';

const world = createWorld({ seed: 91, hotspots: 5, surveyDevices: 1, radiusKm: 3 });
const device = world.surveyDevices[0] as Member;
const begun = [...beginning(world), ...certificates(world, 0, 6)];
const FAR = 4;
const turns = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    surveyOf(world, device, {
      index: i + 1,
      slot: 2 * slotsPerRound(world.timing) + i,
      lat: device.lat + FAR,
      lng: device.lng,
    }),
  );
const farCell = BigInt(`0x${latLngToCell(device.lat + FAR, device.lng, 9)}`);
const listening = sent(world.hotspots[0] as Member, roundStartMs(world.timing, 2) + 20_000, {
  kind: 'gateway_status',
  framesReceived: 0,
  framesSent: 0,
  gatewaySoftware: 'x',
  gpsLock: false,
});

describe('a street that was surveyed', () => {
  it('is not covered when three transmissions were heard by nobody who listened', () => {
    const events = turns(3).flatMap((turn) => heardByAll(world, turn));
    expect(live(world, [...begun, ...events, listening], 1)[1]?.coverage).toEqual([
      { cell: farCell, state: 'surveyed_not_covered', links: 0, witnesses: 0, surveyTransmissions: 3 },
    ]);
    const two = turns(2).flatMap((turn) => heardByAll(world, turn));
    expect(live(world, [...begun, ...two, listening], 1)[1]?.coverage).toEqual([]);
  });

  it('is unknown while no hotspot was online', () => {
    const events = turns(5).flatMap((turn) => heardByAll(world, turn));
    expect(live(world, [...begun, ...events], 1)[1]?.coverage).toEqual([]);
  });
});

describe('a hotspot that asserts', () => {
  const [first, ...others] = world.hotspots as [Member, ...Member[]];
  const run = (cell: bigint) => {
    const coarse: Member = { ...first, cell };
    const changed = { ...world, hotspots: [coarse, ...others] };
    const events = [
      ...beginning(changed),
      ...certificates(world, 0, 6),
      ...heardByAll(changed, beaconOf(world, coarse, 2)),
    ];
    const results = live(changed, events, 1);
    expect(outcomeOf(world, results, coarse, beaconOf(world, coarse, 2, assertionOf(coarse)).reveal)).toBe('valid');
    return results[1];
  };
  const nine = BigInt(`0x${latLngToCell(first.lat, first.lng, 9)}`);

  it('resolution 9 covers its cell, with every witness that heard it', () => {
    const heardBy = others.filter((member) => witnessOf(member, beaconOf(world, first, 2))).length;
    expect(run(nine)?.coverage).toMatchObject([
      { cell: nine, state: 'covered', witnesses: heardBy, surveyTransmissions: 0 },
    ]);
  });

  it('resolution 10 covers the cell around it', () => {
    const result = run(BigInt(`0x${latLngToCell(first.lat, first.lng, 10)}`));
    expect(result?.coverage.map(({ cell }) => cell)).toEqual([nine]);
  });

  it('resolution 8 covers nothing, and is paid all the same', () => {
    const result = run(BigInt(`0x${cellToParent(nine.toString(16), 8)}`));
    expect(result?.coverage).toEqual([]);
    expect([...(result?.links ?? [])]).toEqual([]);
    expect(result?.rewards.some(({ rewardClass, amount }) => rewardClass === 'beaconer' && amount > 0n)).toBe(true);
  });
});
