import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PositionFix, PositionSource } from '@sextant/firmware-bridge/bridge';
import {
  bytesToHex,
  CHAIN_LENGTH,
  type ChainAnchor,
  encodeReport,
  linkLeadsTo,
  type Report,
  revealAtMs,
  roundAt,
  roundStartMs,
  type SurveyReport,
  slotAt,
  timeOnAirUs,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { latLngToCell } from 'h3-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BridgeHarness, type RunningBridge, timing } from './support/bridge-harness.ts';

let harness: BridgeHarness;
/** The receiver's fix; undefined = it has none. */
let fixNow: (() => PositionFix | undefined) | undefined;

beforeEach(async () => {
  harness = await BridgeHarness.begin();
  fixNow = () => ({
    atMs: harness.clock.now(),
    latitudeDeg: 49.195,
    longitudeDeg: 16.608,
    satellites: 9,
    hdopTenths: 11,
    speedDmps: 83,
  });
});
afterEach(() => harness.end());

const position = (): PositionSource => ({
  start: () => undefined,
  stop: () => Promise.resolve(),
  latest: () => fixNow?.(),
  problem: () => undefined,
});

const start = (): Promise<RunningBridge> => harness.start({ hotspots: 0, surveys: 1, position });

async function statusOf({ bridge }: RunningBridge) {
  const [participant] = (await bridge.status()).participants;
  if (!participant) throw new Error('no participant');
  return participant;
}

const logged = <K extends Report['kind']>(kind: K): Extract<Report, { kind: K }>[] =>
  harness.oracle.submissions.flatMap(({ batch }) =>
    batch.reports.flatMap((report) => (report.kind === kind ? [report as Extract<Report, { kind: K }>] : [])),
  );

async function drive(running: RunningBridge, rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    const round = roundAt(timing, harness.clock.now());
    await harness.oracle.announce(round, round + 1);
    await expect.poll(async () => (await running.bridge.status()).round.isCertified).toBe(true);
    await harness.advanceSettled(running.bridge, roundStartMs(timing, round + 1), 2_500);
  }
}

describe('a survey device', () => {
  it('sends about every 30 s at SF7–SF9, one chain link each, and tells the cell when the slot is over', async () => {
    const running = await start();
    await drive(running, 10);
    await harness.advanceSettled(running.bridge, unixMs(harness.clock.now() + 15_000), 5_000);
    const [anchor] = logged('chain_anchor') as [ChainAnchor];
    expect(anchor).toMatchObject({ number: 1, firstIndex: 0 });
    const reports = logged('survey') as SurveyReport[];
    expect(reports.length).toBeGreaterThanOrEqual(17);
    expect(reports.length).toBeLessThanOrEqual(22);
    expect(reports.map(({ index }) => index)).toEqual(reports.map((_, i) => i));
    for (const report of reports) {
      expect([7, 8, 9]).toContain(report.spreadingFactor);
      expect(report.cell).toBe(BigInt(`0x${latLngToCell(49.195, 16.608, 9)}`));
      expect(report).toMatchObject({ satellites: 9, hdopTenths: 11, speedDmps: 83 });
      expect(roundAt(timing, report.sentAtMs)).toBe(report.round);
      expect(linkLeadsTo(report.chainLink, report.index + 1, anchor.chainAnchor)).toBe(true);
      const { spreadingFactor, bandwidthHz } = report;
      const airtimeMs = timeOnAirUs({ phyBytes: 23, spreadingFactor, bandwidthHz }) / 1_000;
      expect(slotAt(timing, unixMs(report.sentAtMs + airtimeMs))).toBe(slotAt(timing, report.sentAtMs));
    }
    const waits = reports.slice(1).map(({ sentAtMs }, i) => sentAtMs - (reports[i] as SurveyReport).sentAtMs);
    for (const waitMs of waits) {
      expect(waitMs).toBeGreaterThanOrEqual(27_000);
      expect(waitMs).toBeLessThanOrEqual(33_000 + 1_000);
    }
  });

  it('reveals no transmission before slot end + 2W', async () => {
    const running = await start();
    await drive(running, 4);
    for (const { batch } of harness.oracle.submissions) {
      for (const report of batch.reports) {
        if (report.kind !== 'survey') continue;
        expect(batch.createdAtMs).toBeGreaterThanOrEqual(revealAtMs(timing, slotAt(timing, report.sentAtMs)));
      }
    }
  });

  it.each([
    ['no fix', () => undefined, 'position'],
    ['a stale one', (fix: PositionFix) => ({ ...fix, atMs: unixMs(fix.atMs - 10_000) }), 's old'],
    ['too few satellites', (fix: PositionFix) => ({ ...fix, satellites: 3 }), 'satellites'],
    ['a vague one', (fix: PositionFix) => ({ ...fix, hdopTenths: 51 }), 'HDOP'],
    ['a fast one', (fix: PositionFix) => ({ ...fix, speedDmps: 501 }), 'km/h'],
  ] as const)('sends nothing with %s, and says why', async (_name, change, words) => {
    const good = fixNow;
    fixNow = () => {
      const fix = good?.();
      return fix && change(fix);
    };
    const running = await start();
    await drive(running, 2);
    const { transmissions } = await statusOf(running);
    expect(running.driver.transmitted).toEqual([]);
    expect(transmissions.missed.no_fix).toBeGreaterThan(1);
    expect(transmissions.lastMissed?.text).toContain(words);
    fixNow = good;
    await drive(running, 1);
    expect(running.driver.transmitted.length).toBeGreaterThan(0);
  });

  it('never spends a link again after a restart, not even from an old copy of its disk', async () => {
    const outboxFolder = join(harness.folder, 'data', 'outbox');
    const backup = join(harness.folder, 'backup');
    const first = await start();
    await drive(first, 2);
    await harness.stop(first);
    await cp(outboxFolder, backup, { recursive: true });
    const second = await start();
    await drive(second, 4);
    const usedUntil = (await statusOf(second)).transmissions.lastSent?.roundOrIndex ?? 0;
    await harness.stop(second);
    await rm(outboxFolder, { recursive: true });
    await cp(backup, outboxFolder, { recursive: true });
    const third = await start();
    await drive(third, 3);
    // A reveal that the old copy still holds may come again, the same bytes: one report.
    const reports = new Map(logged('survey').map((report) => [bytesToHex(encodeReport(report)), report.index]));
    expect(new Set(reports.values()).size).toBe(reports.size);
    const firstOfThird = (await statusOf(third)).transmissions.lastSent?.roundOrIndex ?? 0;
    expect(firstOfThird).toBeGreaterThan(usedUntil);
    expect(Math.max(...reports.values())).toBeLessThan(CHAIN_LENGTH);
  });
});
