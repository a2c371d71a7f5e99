import {
  BEACON_BANDWIDTH_HZ,
  BEACON_FRAME_BYTES,
  type BeaconReport,
  deriveBeaconParameters,
  deriveBeaconSecret,
  encodeBeaconFrame,
  equalBytes,
  findBeaconChoices,
  firstSlotOfRound,
  type LocationAssertion,
  linkLeadsTo,
  parseId,
  type Report,
  revealAtMs,
  roundStartMs,
  roundTopic,
  slotAt,
  slotStartMs,
  timeOnAirUs,
  unixMs,
  type WitnessReport,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BridgeHarness, beaconFrame, eui, type RunningBridge, radio, timing } from './support/bridge-harness.ts';
import { NETWORK_ID } from './support/test-oracle.ts';

let harness: BridgeHarness;
beforeEach(async () => {
  harness = await BridgeHarness.begin();
});
afterEach(() => harness.end());

async function statusOf({ bridge }: RunningBridge) {
  const [participant] = (await bridge.status()).participants;
  if (!participant) throw new Error('no participant');
  return participant;
}

/** Reports in the log, in its order, with when their batch was made. */
const logged = (): { report: Report; batchAtMs: number }[] => {
  const seen = new Set<string>();
  return harness.oracle.submissions.flatMap(({ envelope, batch }) => {
    const key = Buffer.from(envelope).toString('hex');
    if (seen.has(key)) return [];
    seen.add(key);
    return batch.reports.map((report) => ({ report, batchAtMs: batch.createdAtMs }));
  });
};
const ofKind = <K extends Report['kind']>(kind: K): Extract<Report, { kind: K }>[] =>
  logged().flatMap(({ report }) => (report.kind === kind ? [report as Extract<Report, { kind: K }>] : []));

/** Rounds 0 … last − 1 pass, each announced shortly before it begins. */
async function passRounds(running: RunningBridge, last: number): Promise<void> {
  for (let round = 0; round < last; round++) {
    await harness.advanceSettled(running.bridge, unixMs(roundStartMs(timing, round) - 1_000), 20_000);
    await harness.oracle.announce(round);
    await certified(running, round);
    await harness.advanceSettled(running.bridge, roundStartMs(timing, round + 1), 2_500);
  }
}

/** The announcement travels over a real socket: wait until the bridge has acted on it. */
async function certified(running: RunningBridge, round: number): Promise<void> {
  await expect
    .poll(async () => {
      await running.bridge.idle();
      const { transmissions } = await statusOf(running);
      const { lastMissed, next, lastSent } = transmissions;
      return [lastMissed, next, lastSent].some((entry) => entry?.roundOrIndex === round) || (await isWaiting(running));
    })
    .toBe(true);
}

const isWaiting = async (running: RunningBridge): Promise<boolean> =>
  !(await statusOf(running)).standing.includes('in force') || harness.clock.now() < roundStartMs(timing, 2);

describe('a hotspot', () => {
  it('asserts its place once, and beacons from the round in which that is in force', async () => {
    const running = await harness.start();
    await passRounds(running, 5);
    const assertions = ofKind('location_assertion');
    expect(assertions).toHaveLength(1);
    expect(assertions[0]).toMatchObject({ number: 1, canTransmit: true, firstRound: 0 });
    expect(running.driver.transmitted).toHaveLength(3);
    const { transmissions, pendingReveals } = await statusOf(running);
    expect(transmissions).toMatchObject({ sent: 3, missed: { no_assertion_in_force: 2 } });
    expect(transmissions.revealed + pendingReveals).toBe(3);
    expect(ofKind('beacon').map(({ round }) => round)).toEqual([2, 3, 4].slice(0, transmissions.revealed));
  });

  it('sends exactly the derived beacon, all of it within its slot, and reveals it at slot end + 2W', async () => {
    const running = await harness.start();
    await passRounds(running, 9);
    const [assertion] = ofKind('location_assertion') as [LocationAssertion];
    const participant = running.participants[0];
    const sender = parseId(participant?.id ?? '')?.publicKey ?? new Uint8Array();
    const choices = findBeaconChoices({ kind: 'hotspot', radio: assertion, timing });
    if (!choices || !assertion.chainAnchor) throw new Error('nothing to choose from');
    const reveals = logged().filter(({ report }) => report.kind === 'beacon') as {
      report: BeaconReport;
      batchAtMs: number;
    }[];
    expect(reveals.length).toBeGreaterThanOrEqual(6);
    for (const { report, batchAtMs } of reveals) {
      const { round, chainLink: link } = report;
      expect(linkLeadsTo(link, round - assertion.firstRound + 1, assertion.chainAnchor)).toBe(true);
      const { entropy, ruleSetId } = harness.oracle.certificate(round);
      const secret = deriveBeaconSecret({
        networkId: NETWORK_ID,
        ruleSetId,
        entropy,
        sender,
        roundOrIndex: round,
        chainLink: link,
      });
      const derived = deriveBeaconParameters(secret, choices);
      const slot = firstSlotOfRound(timing, round) + derived.slotInRound;
      expect(report).toMatchObject({
        phyPayload: encodeBeaconFrame(secret),
        frequencyHz: derived.frequencyHz,
        spreadingFactor: derived.spreadingFactor,
        txPowerRequestedDdbm: derived.txPowerDdbm,
        txPowerActualDdbm: derived.txPowerDdbm,
        gatewayInterface: 'semtech_udp',
      });
      const onAir = {
        phyBytes: BEACON_FRAME_BYTES,
        spreadingFactor: report.spreadingFactor,
        bandwidthHz: BEACON_BANDWIDTH_HZ,
      };
      expect(slotAt(timing, report.sentAtMs)).toBe(slot);
      expect(report.sentAtMs + timeOnAirUs(onAir) / 1_000).toBeLessThanOrEqual(slotStartMs(timing, slot + 1));
      expect(batchAtMs).toBeGreaterThanOrEqual(revealAtMs(timing, slot));
      expect(batchAtMs).toBeLessThanOrEqual(revealAtMs(timing, slot) + 3_000);
      const sent = running.driver.transmitted.find(({ request }) => equalBytes(request.phyPayload, report.phyPayload));
      expect(sent?.atMs).toBe(report.sentAtMs);
      expect(sent?.request.maxTxPowerDdbm).toBe(160 - radio.antennaGainDdbi);
    }
    expect(new Set(reveals.map(({ report }) => report.sentAtMs % timing.slotMs)).size).toBeGreaterThan(3);
  });

  it('asserts anew when its radio has changed, and derives from the old claim until the new one is in force', async () => {
    const running = await harness.start();
    await passRounds(running, 4);
    await harness.stop(running);
    const [participant] = running.participants;
    if (participant?.kind !== 'hotspot') throw new Error('no hotspot');
    const { place } = participant;
    const again = await harness.start({
      hotspot: { place: { ...place, txPowerLevelsDdbm: [radio.txPowerLevelsDdbm[0] as never] } },
    });
    await harness.advanceSettled(again.bridge, unixMs(harness.clock.now() + 1), 1);
    for (let round = 4; round < 8; round++) {
      await harness.oracle.announce(round);
      await certified(again, round);
      await harness.advanceSettled(again.bridge, roundStartMs(timing, round + 1), 2_500);
    }
    const assertions = ofKind('location_assertion');
    expect(assertions.map(({ number }) => number)).toEqual([1, 2]);
    expect(assertions[1]).toMatchObject({ firstRound: 0, chainAnchor: assertions[0]?.chainAnchor });
    const inForceFrom = 4 + 2;
    for (const { request, atMs } of again.driver.transmitted) {
      const round = Math.floor((atMs - timing.genesisMs) / timing.roundMs);
      if (round >= inForceFrom) expect(request.txPowerDdbm).toBe(100);
    }
  });

  it('does not beacon under a plan that forbids it, nor with a gateway that only listens', async () => {
    const place = { ...radio, cell: 0x891e2659c3bffffn, antennaAglM: 10, altitudeMslM: 300, canTransmit: true };
    for (const [change, reason] of [
      [{ regionPlan: 'KR920' }, 'nothing_legal'],
      [{ canTransmit: false }, 'cannot_transmit'],
    ] as const) {
      const running = await harness.start({
        hotspot: { place: { ...place, ...change } as never },
        seed: reason,
        name: reason,
      });
      await passRounds(running, 4);
      expect(running.driver.transmitted).toEqual([]);
      expect((await statusOf(running)).transmissions.missed).toMatchObject({ [reason]: 2 });
      await harness.stop(running);
      await harness.end();
      harness = await BridgeHarness.begin();
    }
  });
});

describe('nothing is sent', () => {
  async function ready(): Promise<RunningBridge> {
    const running = await harness.start();
    await harness.advanceSettled(running.bridge, roundStartMs(timing, 2), 30_000);
    return running;
  }

  it('on announcements and certificates that do not hold', async () => {
    const running = await ready();
    const good = harness.oracle.certificate(3);
    const { oracle } = harness;
    const topic = roundTopic(NETWORK_ID);
    const send = (certificate: typeof good) => oracle.publish(topic, oracle.announcement([certificate]), true);
    await send({ ...good, entropy: new Uint8Array(32) });
    await send({ ...good, signatures: [] });
    await send({ ...good, signatures: good.signatures.map((s) => ({ ...s, signature: new Uint8Array(64) })) });
    await send({ ...good, reveals: [] });
    await send({ ...good, reveals: good.reveals.map((r) => ({ ...r, chainLink: new Uint8Array(32) })) });
    await send({ ...good, round: 4 });
    await send({ ...good, ruleSetId: new Uint8Array(32) });
    const signed = oracle.announcement([good]);
    await oracle.publish(
      topic,
      signed.map((byte, i) => (i === signed.length - 1 ? byte ^ 1 : byte)),
      true,
    );
    await oracle.publish(topic, new Uint8Array(50).fill(7), true);
    await expect
      .poll(async () => (await running.bridge.status()).refusedAnnouncements)
      .toEqual({
        entropy_mismatch: 1,
        too_few_signatures: 1,
        bad_signature: 3,
        too_few_reveals: 1,
        chain_link_mismatch: 2,
        not_decodable: 1,
      });
    await harness.advance(120_000);
    expect(running.driver.transmitted).toEqual([]);
  });

  it('by a gateway that is away, and the owner is told', async () => {
    const running = await ready();
    running.driver.absent.add(eui(1));
    await harness.oracle.announce(2);
    await certified(running, 2);
    await harness.advanceSettled(running.bridge, roundStartMs(timing, 3), 5_000);
    const { transmissions } = await statusOf(running);
    expect(transmissions).toMatchObject({ sent: 0, missed: { gateway_absent: 1 }, lastMissed: { roundOrIndex: 2 } });
    expect(ofKind('beacon')).toEqual([]);
  });

  it('that the gateway refuses: it is counted and never revealed; what may have been sent is revealed', async () => {
    const running = await ready();
    running.driver.respond = () => ({
      outcome: 'refused',
      reason: 'tx_freq',
      advice: 'Set tx_freq_min.',
      maybeSent: false,
    });
    await harness.oracle.announce(2);
    await certified(running, 2);
    await harness.advanceSettled(running.bridge, roundStartMs(timing, 3), 5_000);
    expect((await statusOf(running)).transmissions).toMatchObject({
      missed: { gateway_refused: 1 },
      lastMissed: { text: expect.stringContaining('tx_freq_min') },
    });
    running.driver.respond = () => ({ outcome: 'refused', reason: 'no_answer', advice: '', maybeSent: true });
    await harness.oracle.announce(3);
    await certified(running, 3);
    await harness.advanceSettled(running.bridge, roundStartMs(timing, 5), 5_000);
    expect(ofKind('beacon').map(({ round }) => round)).toEqual([3]);
    expect(ofKind('beacon')[0]).not.toHaveProperty('txPowerActualDdbm');
  });

  it('when the round is certified after its moment', async () => {
    const running = await ready();
    await harness.advance(timing.roundMs - 100);
    await harness.oracle.announce(2);
    await certified(running, 2);
    expect((await statusOf(running)).transmissions.missed).toEqual({ certificate_late: 1 });
  });

  it("when this machine's clock is further off than W, and the offset is told", async () => {
    const running = await ready();
    const bytes = harness.oracle.announcement([harness.oracle.certificate(2)], harness.clock.now() - 10_000);
    await harness.oracle.publish(roundTopic(NETWORK_ID), bytes, false);
    await certified(running, 2);
    await harness.advanceSettled(running.bridge, roundStartMs(timing, 3), 5_000);
    expect((await statusOf(running)).transmissions.missed).toEqual({ clock_off: 1 });
    expect((await running.bridge.status()).clockOffset?.offsetMs).toBe(10_000);
  });
});

describe('a restart', () => {
  it.each(['before', 'after'] as const)(
    'between transmission and reveal still reveals, %s the reveal is due',
    async (when) => {
      const running = await harness.start();
      await harness.advanceSettled(running.bridge, roundStartMs(timing, 2), 30_000);
      await harness.oracle.announce(2);
      await certified(running, 2);
      while (running.driver.transmitted.length === 0) await harness.advance(500);
      const sentAtMs = harness.clock.now();
      await harness.stop(running);
      if (when === 'after') await harness.advance(60_000);
      const again = await harness.start();
      await harness.advanceSettled(again.bridge, unixMs(harness.clock.now() + 15_000), 1_000);
      const reveals = logged().filter(({ report }) => report.kind === 'beacon');
      expect(reveals).toHaveLength(1);
      expect(reveals[0]?.report).toMatchObject({ round: 2, txPowerActualDdbm: expect.any(Number) });
      expect(reveals[0]?.batchAtMs).toBeGreaterThanOrEqual(revealAtMs(timing, slotAt(timing, unixMs(sentAtMs))));
      // The retained certificate comes again: the beacon must not.
      expect(again.driver.transmitted).toEqual([]);
      await harness.stop(again);
      const third = await harness.start();
      await third.bridge.idle();
      await expect.poll(async () => (await statusOf(third)).sessions[0]?.connected).toBe(true);
      await third.bridge.idle();
      expect((await statusOf(third)).transmissions.missed).toEqual({});
    },
  );
});

it('shows the owner what the radio driver warns of', async () => {
  const running = await harness.start();
  const advice = 'The gateway tells a position without GPS time (fake_gps): it is ignored.';
  running.driver.warn({ kind: 'position_without_gps_time', eui: eui(1), advice });
  expect((await statusOf(running)).warnings).toEqual([advice]);
});

describe('what is heard', () => {
  it('becomes one witness report, with both RSSIs as they were given', async () => {
    const running = await harness.start();
    const frame = beaconFrame(77);
    running.driver.hear(eui(1), frame);
    running.driver.hear(eui(1), frame, { antennaIndex: 1 });
    running.driver.hear(eui(1), Uint8Array.of(0x40, 1, 2, 3));
    running.driver.hear(eui(1), frame.slice(0, 22));
    await running.bridge.idle();
    const key = parseId(running.participants[0]?.id ?? '')?.publicKey ?? new Uint8Array();
    const reports = ofKind('witness') as WitnessReport[];
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      beaconTag: frame.slice(3, 7),
      commitment: witnessCommitment(frame.slice(7), key),
      rssiChannelDdbm: -1_010,
      rssiSignalDdbm: -1_050,
      snrDdb: -35,
      receivedAtMs: harness.clock.now(),
    });
    expect((await statusOf(running)).witness).toMatchObject({ reported: 1, repeated: 1 });
    expect((await statusOf(running)).frames.received).toBe(4);
  });

  it('again, after a restart too, is not reported again: a replay would void the first report', async () => {
    const running = await harness.start();
    running.driver.hear(eui(1), beaconFrame(5));
    await running.bridge.idle();
    await harness.stop(running);
    const again = await harness.start();
    again.driver.hear(eui(1), beaconFrame(5));
    await again.bridge.idle();
    expect(ofKind('witness')).toHaveLength(1);
    expect((await statusOf(again)).witness.repeated).toBe(1);
  });

  it('of oneself is not reported', async () => {
    const running = await harness.start();
    running.driver.respond = ({ request }) => {
      running.driver.hear(eui(1), request.phyPayload);
      return { outcome: 'sent', sentAtMs: harness.clock.now() };
    };
    await passRounds(running, 4);
    expect((await statusOf(running)).witness).toMatchObject({ reported: 0, own: 2 });
    expect(ofKind('witness')).toEqual([]);
  });

  it('with impossible numbers is counted and left out', async () => {
    const running = await harness.start();
    running.driver.hear(eui(1), beaconFrame(1), { snrDdb: 9_999 as never });
    running.driver.hear(eui(1), beaconFrame(2), { spreadingFactor: 99 });
    await running.bridge.idle();
    expect((await statusOf(running)).witness).toMatchObject({ reported: 0, unusable: 2 });
  });
});

it('tells how the gateway is, every interval', async () => {
  const running = await harness.start({ options: { statusIntervalMs: 60_000 } });
  for (let i = 0; i < 7; i++) running.driver.hear(eui(1), Uint8Array.of(0x40, i));
  running.driver.say({ eui: eui(1), receivedAtMs: harness.clock.now(), gatewaySoftware: 'fwd 4.0.1', gpsLock: true });
  await harness.advanceSettled(running.bridge, unixMs(harness.clock.now() + 121_000), 30_000);
  expect(ofKind('gateway_status')).toEqual([
    { kind: 'gateway_status', framesReceived: 7, framesSent: 0, gatewaySoftware: 'fwd 4.0.1', gpsLock: true },
    { kind: 'gateway_status', framesReceived: 0, framesSent: 0, gatewaySoftware: 'fwd 4.0.1', gpsLock: true },
  ]);
});
