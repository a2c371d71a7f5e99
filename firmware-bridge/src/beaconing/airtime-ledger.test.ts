import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DUTY_CYCLE_WINDOW_MS, dutyCycleBandAt, REGION_PLANS, type RegionPlan, unixMs } from '../protocol/index.ts';
import { AirtimeLedger, MAX_START_DELAY_MS, type PlannedTransmission, parseAirtimeState } from './airtime-ledger.ts';

const START_MS = 1_700_000_000_000;
const at = (ms: number): ReturnType<typeof unixMs> => unixMs(START_MS + ms);
const frame = (frequencyHz: number, spreadingFactor: number, phyBytes = 23): PlannedTransmission => ({
  frequencyHz,
  spreadingFactor,
  bandwidthHz: 125_000,
  phyBytes,
});

const { EU868, US915_FSB2, AU915_FSB2, KR920, EU433 } = REGION_PLANS;
/** 23 bytes at SF12: the 1 % of an hour, 36 s, hold 24 of them. */
const SF12_US = 1_482_752;

describe('airtime ledger', () => {
  it('lets a 1 % band have 36 s of an hour, and says from when the next frame may go', () => {
    const ledger = new AirtimeLedger({ plan: EU868 });
    for (let i = 0; i < 24; i++) {
      expect(ledger.reserve(frame(868_100_000, 12), at(i * 10_000))).toEqual({ allowed: true, airtimeUs: SF12_US });
    }
    const refused = ledger.reserve(frame(868_300_000, 12), at(240_000));
    expect(refused).toMatchObject({ allowed: false, reason: 'duty_cycle' });
    const allowedFromMs = START_MS + MAX_START_DELAY_MS + 1483 + DUTY_CYCLE_WINDOW_MS;
    expect(refused).toHaveProperty('allowedFromMs', allowedFromMs);
    expect(ledger.reserve(frame(868_300_000, 12), unixMs(allowedFromMs - 1))).toMatchObject({ allowed: false });
    expect(ledger.reserve(frame(868_300_000, 12), unixMs(allowedFromMs))).toMatchObject({ allowed: true });
  });

  it('counts each band for itself', () => {
    const ledger = new AirtimeLedger({ plan: EU868 });
    while (ledger.reserve(frame(868_100_000, 12), at(0)).allowed);
    expect(ledger.reserve(frame(867_100_000, 12), at(0))).toMatchObject({ allowed: true });
    expect(ledger.reserve(frame(869_525_000, 12), at(0))).toMatchObject({ allowed: true });
  });

  it('still lets a short frame through where a long one no longer fits', () => {
    const ledger = new AirtimeLedger({ plan: EU868 });
    while (ledger.reserve(frame(868_100_000, 12), at(0)).allowed);
    expect(ledger.reserve(frame(868_100_000, 7), at(0))).toMatchObject({ allowed: true });
  });

  it('refuses what the plan never allows, without a time from which it would', () => {
    const refusal = (plan: RegionPlan, transmission: PlannedTransmission): unknown =>
      new AirtimeLedger({ plan }).reserve(transmission, at(0));
    for (const [plan, transmission, reason] of [
      [KR920, frame(922_100_000, 7), 'beaconing_not_allowed'],
      [EU868, frame(868_650_000, 7), 'not_in_plan'],
      [EU868, frame(904_300_000, 7), 'not_in_plan'],
      [US915_FSB2, frame(868_100_000, 7), 'not_in_plan'],
      [US915_FSB2, frame(904_300_000, 11), 'dwell_time'],
      [AU915_FSB2, frame(916_800_000, 10, 25), 'dwell_time'],
    ] as const) {
      expect(refusal(plan, transmission)).toMatchObject({ allowed: false, reason });
      expect(refusal(plan, transmission)).not.toHaveProperty('allowedFromMs');
    }
  });

  it('holds the FCC to 400 ms a channel in 20 s, and lets other channels be used meanwhile', () => {
    const ledger = new AirtimeLedger({ plan: US915_FSB2 });
    expect(ledger.reserve(frame(904_300_000, 10), at(0))).toMatchObject({ allowed: true, airtimeUs: 370_688 });
    const refused = ledger.reserve(frame(904_300_000, 10), at(10_000));
    expect(refused).toMatchObject({ reason: 'dwell_time', allowedFromMs: at(MAX_START_DELAY_MS + 371 + 20_000) });
    expect(ledger.reserve(frame(904_500_000, 10), at(10_000))).toMatchObject({ allowed: true });
    // Elsewhere the limit is on a single transmission.
    const australian = new AirtimeLedger({ plan: AU915_FSB2 });
    expect(australian.reserve(frame(916_800_000, 10), at(0))).toMatchObject({ allowed: true });
    expect(australian.reserve(frame(916_800_000, 10), at(400))).toMatchObject({ allowed: true });
  });

  it('remembers over a restart', () => {
    const ledger = new AirtimeLedger({ plan: EU868 });
    while (ledger.reserve(frame(868_100_000, 12), at(0)).allowed);
    const state = parseAirtimeState(JSON.parse(JSON.stringify(ledger.state())));
    if (state === undefined) throw new Error('the stored state is no state');
    expect(new AirtimeLedger({ plan: EU868, state }).reserve(frame(868_100_000, 12), at(1))).toEqual(
      ledger.reserve(frame(868_100_000, 12), at(1)),
    );
  });

  it('knows a damaged state', () => {
    const entry = { frequencyHz: 868_100_000, airtimeUs: 1, endMs: START_MS };
    expect(parseAirtimeState({ version: 1, entries: [entry] })).toBeDefined();
    for (const wrong of [
      undefined,
      null,
      '',
      [],
      { version: 2, entries: [] },
      { version: 1, entries: [{ ...entry, airtimeUs: -1 }] },
      { version: 1, entries: [{ ...entry, endMs: 'soon' }] },
    ]) {
      expect(parseAirtimeState(wrong)).toBeUndefined();
    }
  });

  it('forgets what no longer counts', () => {
    const ledger = new AirtimeLedger({ plan: EU433 });
    for (let hour = 0; hour < 5; hour++) ledger.reserve(frame(433_175_000, 7), at(hour * 2 * DUTY_CYCLE_WINDOW_MS));
    expect(ledger.state().entries).toHaveLength(1);
  });

  it('still counts what lies in the future after the clock was set back', () => {
    const ledger = new AirtimeLedger({ plan: EU868 });
    while (ledger.reserve(frame(868_100_000, 12), at(0)).allowed);
    expect(ledger.reserve(frame(868_100_000, 12), at(-3_000_000))).toMatchObject({ allowed: false });
  });

  it('never lets any hour hold more than the duty cycle, nor any dwell window more than its limit', () => {
    const step = fc.record({
      waitMs: fc.oneof(fc.nat(2_000), fc.nat(600_000)),
      delayMs: fc.nat(MAX_START_DELAY_MS),
      channel: fc.nat(7),
      spreadingFactor: fc.integer({ min: 7, max: 12 }),
      phyBytes: fc.integer({ min: 1, max: 255 }),
      restart: fc.boolean(),
    });
    const plan = fc.constantFrom(EU868, US915_FSB2, REGION_PLANS.RU864, REGION_PLANS.AS923_1);
    fc.assert(
      fc.property(plan, fc.array(step, { minLength: 50, maxLength: 200 }), (region, steps) => {
        const sent = transmit(region, steps);
        for (const band of region.dutyCycleBands) {
          const inBand = sent.filter((s) => dutyCycleBandAt(region, s.frequencyHz) === band);
          const worstUs = worstWindowUs(inBand, DUTY_CYCLE_WINDOW_MS * 1000);
          expect(worstUs).toBeLessThanOrEqual(band.permille * DUTY_CYCLE_WINDOW_MS);
        }
        const { maxUs, windowMs } = region.dwell ?? { maxUs: Number.POSITIVE_INFINITY };
        for (const s of sent) expect(s.endUs - s.startUs).toBeLessThanOrEqual(maxUs);
        for (const frequencyHz of windowMs === undefined ? [] : region.beaconChannelsHz) {
          const onChannel = sent.filter((s) => s.frequencyHz === frequencyHz);
          expect(worstWindowUs(onChannel, (windowMs ?? 0) * 1000)).toBeLessThanOrEqual(maxUs);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tells the first moment: a millisecond earlier is refused, then it is allowed', () => {
    const spreadingFactors = fc.array(fc.integer({ min: 7, max: 12 }), { minLength: 40, maxLength: 200 });
    fc.assert(
      fc.property(spreadingFactors, fc.nat(60_000), (wanted, waitMs) => {
        const ledger = new AirtimeLedger({ plan: EU868 });
        let nowMs = 0;
        for (const spreadingFactor of wanted) {
          const decision = ledger.reserve(frame(868_100_000, spreadingFactor), at(nowMs));
          nowMs += waitMs;
          if (decision.allowed) continue;
          const fromMs = decision.allowedFromMs ?? expect.fail('never?');
          expect(ledger.reserve(frame(868_100_000, spreadingFactor), unixMs(fromMs - 1)).allowed).toBe(false);
          expect(ledger.reserve(frame(868_100_000, spreadingFactor), fromMs).allowed).toBe(true);
          return;
        }
      }),
    );
  });
});

interface Sent {
  readonly frequencyHz: number;
  readonly startUs: number;
  readonly endUs: number;
}

interface Step {
  readonly waitMs: number;
  readonly delayMs: number;
  readonly channel: number;
  readonly spreadingFactor: number;
  readonly phyBytes: number;
  readonly restart: boolean;
}

/** Everything allowed goes on the air, late by whatever a gateway's queue costs; now and then the process restarts. */
function transmit(plan: RegionPlan, steps: readonly Step[]): Sent[] {
  let ledger = new AirtimeLedger({ plan });
  let nowMs = START_MS;
  const sent: Sent[] = [];
  for (const { waitMs, delayMs, channel, spreadingFactor, phyBytes, restart } of steps) {
    nowMs += waitMs;
    if (restart) ledger = new AirtimeLedger({ plan, state: ledger.state() });
    const frequencyHz = plan.beaconChannelsHz[channel % plan.beaconChannelsHz.length] ?? 0;
    const decision = ledger.reserve(frame(frequencyHz, spreadingFactor, phyBytes), unixMs(nowMs));
    if (!decision.allowed) continue;
    const startUs = (nowMs + delayMs) * 1000;
    sent.push({ frequencyHz, startUs, endUs: startUs + decision.airtimeUs });
  }
  return sent;
}

/** The largest airtime any window holds: the maximum is reached by a window that begins with a transmission. */
function worstWindowUs(sent: readonly Sent[], windowUs: number): number {
  const beginsUs = sent.flatMap(({ startUs, endUs }) => [startUs, endUs - windowUs]);
  return beginsUs.reduce((worst, fromUs) => {
    const untilUs = fromUs + windowUs;
    const us = sent.reduce((sum, s) => sum + Math.max(0, Math.min(s.endUs, untilUs) - Math.max(s.startUs, fromUs)), 0);
    return Math.max(worst, us);
  }, 0);
}
