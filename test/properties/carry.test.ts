import {
  epochCutMs,
  revealAtMs,
  slotStartMs,
  slotsPerRound,
  type WitnessReport,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { outcomeOf, paidTo, type Result } from '../support/world/outcome-of.ts';
import { type OnAir, surveyOf, witnessOf } from '../support/world/radio.ts';
import { beginning, certificates, type Event, heardByAll, honestLife, sent } from '../support/world/timeline.ts';
import { createWorld, type Member } from '../support/world/world.ts';

/**
 * Epoch 1 ends with round 3; its cut is made 8 s later, when the first slot of round 4 (5 s) is over and its witnesses have
 * reported: these stand in the cut of epoch 1 and are about epoch 2.
 */
const world = createWorld({ seed: 41, hotspots: 5, surveyDevices: 1, radiusKm: 4 });
const [witness, other] = world.hotspots as [Member, Member];
const device = world.surveyDevices[0] as Member;
const firstSlot = 4 * slotsPerRound(world.timing);
const cutMs = epochCutMs(world.timing, 1);
const begun = [...beginning(world), ...certificates(world, 0, 8)];
const onAir: OnAir = surveyOf(world, device, { index: 3, slot: firstSlot, lat: device.lat, lng: device.lng });

function heardBy(member: Member): WitnessReport {
  const report = witnessOf(member, onAir);
  if (!report) throw new Error('the sample witness must hear the sample transmission');
  return report;
}

describe('witness reports about the next epoch that stand before the epoch mark', () => {
  const report = heardBy(witness);
  const reportedMs = report.receivedAtMs + 400;

  it('are what this world has', () => {
    expect(slotStartMs(world.timing, firstSlot)).toBeLessThan(reportedMs);
    expect(reportedMs).toBeLessThan(cutMs);
    expect(revealAtMs(world.timing, firstSlot)).toBeGreaterThan(cutMs);
  });

  it('wait for the reveal and are paid in the epoch they are about', () => {
    const results = live(world, [...begun, ...heardByAll(world, onAir)], 2);
    expect(outcomeOf(world, results, device, onAir.reveal)).toBe('valid');
    expect(outcomeOf(world, results, witness, report)).toBe('valid');
    expect(results[1]?.summary.counts['carried']).toBeGreaterThan(0);
    expect([...(results[1]?.verdicts ?? [])].some(({ subject }) => subject === 'witness')).toBe(false);
    expect(paidTo(results[2] as Result, witness, 'survey')).toBeGreaterThan(0n);
    expect(results[2]?.state.carried).toEqual([]);
  });

  it('end as no such beacon in the next epoch when nobody reveals it', () => {
    const witnesses = heardByAll(world, onAir).slice(0, -1);
    const results = live(world, [...begun, ...witnesses], 3);
    expect(outcomeOf(world, results, witness, report)).toBe('insufficient/no_such_beacon');
    expect([...(results[2]?.verdicts ?? [])].filter(({ reason }) => reason === 'no_such_beacon')).toHaveLength(
      witnesses.length,
    );
  });

  it('are one report with their copies behind the mark', () => {
    const copy = sent(witness, cutMs + 2_000, report);
    const results = live(world, [...begun, ...heardByAll(world, onAir), copy], 2);
    expect(outcomeOf(world, results, witness, report)).toBe('valid');
  });

  it('may be behind the mark only if the slot is not closed yet', () => {
    const late = (atMs: number): string => {
      const events = heardByAll(world, onAir).filter((event) => !('from' in event) || event.from !== witness.signer);
      return outcomeOf(world, live(world, [...begun, ...events, sent(witness, atMs, report)], 2), witness, report);
    };
    const closesMs = slotStartMs(world.timing, firstSlot + 1) + world.timing.clockMarginMs;
    expect(late(closesMs - 1)).toBe('valid');
    expect(late(closesMs)).toBe('insufficient/after_slot_closed');
  });

  it('are left out of the wait when they stand too early to be about the next epoch', () => {
    const tooEarly = sent(other, slotStartMs(world.timing, firstSlot - 9), { ...heardBy(other), gatewayTimeUs: 5 });
    const results = live(world, [...begun, tooEarly], 2);
    // Received, it says, in the next epoch: so it is none of this one's.
    expect([...(results[1]?.verdicts ?? [])].map(({ reason }) => reason)).toEqual(['outside_epoch']);
    expect(results[1]?.state.carried).toEqual([]);
  });

  it('wait in bounded number: of one key those with the smallest ids', () => {
    const limit = world.ruleSet.epoch.carriedReports;
    const flood = Array.from({ length: limit + 40 }, (_, i): Event => {
      const commitment = new Uint8Array(32);
      new DataView(commitment.buffer).setUint32(0, i);
      return sent(witness, reportedMs, { ...report, beaconTag: Uint8Array.of(1, 2, 3, 4), commitment });
    });
    const results = live(world, [...begun, ...flood], 2, {
      random: {
        next: () => 0,
        integer: (_, most) => most,
        pick: ([first]) => first as never,
        shuffle: (items) => [...items],
      },
      maxBatch: 200,
      repeats: 0,
    });
    expect(results[1]?.state.carried).toHaveLength(limit);
    expect(results[1]?.verdicts.length).toBe(40);
    const ids = [...(results[1]?.verdicts ?? [])].map(({ reportId }) => Buffer.from(reportId));
    const kept = [...(results[2]?.verdicts ?? [])].map(({ reportId }) => Buffer.from(reportId));
    expect(Buffer.compare(kept.at(-1) as Buffer, ids[0] as Buffer)).toBe(-1);
  });
});

describe('reveals of the next epoch that stand before the epoch mark', () => {
  it('wait too, and are judged by the mark of their own slot', () => {
    const [reveal] = heardByAll(world, onAir).slice(-1) as [Event];
    const early = { ...reveal, atMs: cutMs - 500 };
    const results = live(world, [...begun, ...heardByAll(world, onAir).slice(0, -1), early], 2);
    expect(outcomeOf(world, results, device, onAir.reveal)).toBe('invalid/revealed_before_slot_closed');
    expect([...(results[1]?.verdicts ?? [])].some(({ subject }) => subject === 'survey')).toBe(false);
  });

  it('are ordinary where slots are short: an honest network loses nothing', () => {
    const timing = { slotMs: 2_000, roundMs: 24_000, epochMs: 48_000, clockMarginMs: 1_000, epochGraceMs: 9_000 };
    const short = createWorld({ seed: 42, hotspots: 5, surveyDevices: 2, radiusKm: 4, timing });
    const results = live(short, honestLife(short, 4), 4);
    for (const { summary } of results.slice(1)) {
      expect(summary.counts).toMatchObject({ beacons: 10, invalid: 0, insufficient: 0, surveyTransmissions: 12 });
      expect(summary.counts['validLinks']).toBe(summary.counts['witnessReports']);
    }
    expect(results.slice(0, 4).every(({ summary }) => (summary.counts['carried'] ?? 0) > 0)).toBe(true);
    const carriedKinds = new Set(results.flatMap(({ state }) => state.carried.map(({ report }) => report[0])));
    // Field numbers of Report: beacon 1, witness 2, survey 4.
    expect(carriedKinds).toEqual(new Set([1, 2, 4].map((field) => (field << 3) | 2)));
  });
});
