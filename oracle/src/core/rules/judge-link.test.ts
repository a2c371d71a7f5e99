import {
  type Check,
  ddb,
  ddbi,
  ddbm,
  hertz,
  metres,
  type Reason,
  unixMs,
  type WitnessReport,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { cellToLatLng, greatCircleDistance, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { freeSpaceLossDdb } from '../physics/free-space-loss.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { PRODUCTION_TIMING } from '../ruleset/timing.ts';
import type { LinkContext, TransmissionFacts } from './context.ts';
import { judgeLink } from './judge-link.ts';
import { linkContext, RULE_SET, SENDER_CELL, surveyContext, WITNESS, WITNESS_CELL } from './samples/honest-contexts.ts';
import { OUTCOME_OF_REASON } from './verdict-of.ts';

const link = linkContext();
const facts = link.transmission.facts;
const cells = new Map();
const judge = (context: LinkContext) => judgeLink(context, cells);
const hearing = (change: Partial<WitnessReport>) => ({ ...link, report: { ...link.report, ...change } });
const asserting = (change: Partial<typeof link.assertion>) => ({
  ...link,
  assertion: { ...link.assertion, ...change },
});
const sent = (change: Partial<TransmissionFacts>): LinkContext => ({
  ...link,
  transmission: { ...link.transmission, facts: { ...facts, ...change } },
});
const cellAt = (lat: number, lng: number, resolution = 9) => BigInt(`0x${latLngToCell(lat, lng, resolution)}`);
const without = <Name extends keyof LinkContext>(name: Name): LinkContext => {
  const { [name]: _, ...rest } = link;
  return rest as unknown as LinkContext;
};
const numbersOf = (context: LinkContext, name: string): Check | undefined =>
  judge(context).verdict.checks.find(({ check }) => check === name);

const SPOILED: [string, Reason, LinkContext][] = [
  ['known_key', 'unknown_key', without('participant')],
  [
    'participant_kind',
    'wrong_participant_kind',
    { ...link, participant: { kind: 'survey_device', owner: new Uint8Array(20) } },
  ],
  ['batch_name', 'batch_name_conflict', { ...link, batchNameConflict: true }],
  ['inside_epoch', 'outside_epoch', { ...link, cutEpoch: 11 }],
  ['known_beacon', 'no_such_beacon', without('transmission')],
  ['assertion_in_force', 'no_assertion_in_force', without('assertion')],
  ['before_slot_closed', 'after_slot_closed', { ...link, lastClosedSlot: facts.slot }],
  ['one_report', 'conflicting_reports', { ...link, conflicting: true }],
  ['commitment', 'commitment_mismatch', hearing({ commitment: new Uint8Array(32) })],
  // Copied from another witness: the commitment is made with its key.
  ['commitment', 'commitment_mismatch', hearing({ commitment: witnessCommitment(facts.nonce, new Uint8Array(32)) })],
  [
    'beacon_valid',
    'beacon_not_valid',
    { ...link, transmission: { facts, verdict: { ...link.transmission.verdict, outcome: 'invalid' } } },
  ],
  ['not_self', 'self_witness', sent({ sender: WITNESS })],
  ['other_owner', 'same_owner', sent({ owner: link.participant?.owner ?? new Uint8Array() })],
  ['far_enough', 'too_near', asserting({ cell: SENDER_CELL })],
  ['far_enough', 'too_near', asserting({ cell: cellAt(49.2, 16.6055) })],
  ['within_horizon', 'beyond_horizon', asserting({ cell: cellAt(49.2, 19.2) })],
  ['heard_frequency', 'frequency_mismatch', hearing({ frequencyHz: hertz(facts.frequencyHz + 100_001) })],
  ['heard_frequency', 'frequency_mismatch', hearing({ frequencyHz: hertz(facts.frequencyHz - 100_001) })],
  ['heard_spreading_factor', 'spreading_factor_mismatch', hearing({ spreadingFactor: facts.spreadingFactor - 1 })],
  ['heard_bandwidth', 'bandwidth_mismatch', hearing({ bandwidthHz: hertz(250_000) })],
  ['clocks_agree', 'clock', hearing({ receivedAtMs: unixMs(facts.sentAtMs + facts.airtimeMs + 2001) })],
  ['clocks_agree', 'clock', hearing({ receivedAtMs: unixMs(facts.sentAtMs - facts.airtimeMs - 2001) })],
  ['not_too_loud', 'too_loud', hearing({ rssiSignalDdbm: ddbm(-600) })],
  ['not_too_quiet', 'too_quiet', hearing({ snrDdb: ddb(-251) })],
  ['noise_possible', 'noise_too_low', hearing({ rssiChannelDdbm: ddbm(-1290), snrDdb: ddb(20) })],
];

describe('judging a link', () => {
  it('under rule set 2 takes what is up to four seconds late: a clock is wrong, or it is seen in both directions', () => {
    const ruleSet = ruleSet2(PRODUCTION_TIMING);
    const lateBy = (ms: number) => hearing({ receivedAtMs: unixMs(facts.sentAtMs + facts.airtimeMs + ms) });
    const reasonOf = (ms: number) => judge({ ...lateBy(ms), ruleSet }).verdict.reason;
    expect([2_001, 4_000, 4_001].map(reasonOf)).toEqual(['none', 'none', 'clock']);
    expect(judge(lateBy(2_001)).verdict.reason).toBe('clock');
  });

  it('finds an honest one valid, with the numbers of every check and what it measured', () => {
    const { verdict, link: measured } = judge(link);
    expect(verdict).toMatchObject({ subject: 'witness', outcome: 'valid', reason: 'none', sender: facts.sender });
    // −110 dBm channel RSSI at −2 dB SNR: 2 + 2.12 dB less is signal.
    expect(measured).toEqual({
      distanceM: 4968,
      delayMs: 0,
      espDdbm: -1141,
      referenceEspDdbm: -1141 + 140 - facts.eirpDdbm,
      snrDdb: -20,
      pathLossDdb: facts.eirpDdbm + 30 + 1141,
      freeSpaceLossDdb: 1051,
    });
    const nearestM = 4968 - 2 * 222;
    const limit = facts.eirpCeilingDdbm + 30 - freeSpaceLossDdb(nearestM, facts.frequencyHz) + 60;
    const loud = { check: 'not_too_loud', observed: -1141, limit, margin: limit + 1141, unit: 'ddBm' };
    expect(verdict.checks).toContainEqual(loud);
    expect(numbersOf(link, 'clocks_agree')).toMatchObject({ limit: facts.airtimeMs + 2000, margin: 2000, unit: 'ms' });
  });

  it.each(SPOILED)('%s refuses with %s', (check, reason, context) => {
    const { verdict, link: measured } = judge(context);
    expect(verdict.reason).toBe(reason);
    expect(verdict.outcome).toBe(OUTCOME_OF_REASON[reason as Exclude<Reason, 'none'>]);
    expect(verdict.checks.at(-1)?.check).toBe(check);
    expect(measured).toBeUndefined();
  });

  it('has a case here for every check it makes', () => {
    const made = judge(link).verdict.checks.map(({ check }) => check);
    expect(new Set(SPOILED.map(([check]) => check))).toEqual(new Set(made));
  });

  it('accepts every bound itself', () => {
    for (const context of [
      hearing({ frequencyHz: hertz(facts.frequencyHz - 100_000) }),
      hearing({ receivedAtMs: unixMs(facts.sentAtMs + facts.airtimeMs + 2000) }),
      hearing({ rssiChannelDdbm: ddbm(-1280), snrDdb: ddb(20) }),
      { ...link, lastClosedSlot: facts.slot - 1 },
    ]) {
      expect(judge(context).verdict.reason).toBe('none');
    }
    const floor = RULE_SET.link.snrFloorDdb[facts.spreadingFactor] ?? 0;
    expect(judge(hearing({ snrDdb: ddb(floor - 50) })).verdict.reason).toBe('none');
    expect(judge(hearing({ snrDdb: ddb(floor - 51) })).verdict.reason).toBe('too_quiet');
  });

  it('judges survey transmissions by the same checks', () => {
    const ofSurvey = linkContext(surveyContext());
    expect(judge(ofSurvey).verdict).toMatchObject({ outcome: 'valid', subject: 'witness' });
    expect(judge({ ...ofSurvey, lastClosedSlot: ofSurvey.transmission.facts.slot }).verdict.reason).toBe(
      'after_slot_closed',
    );
  });

  it('accepts a link of 109 km between two mountains as really measured, which a flat limit of 100 km refuses', () => {
    // 8,708 packets, line of sight: the loudest 0.1 % were 4.5 dB above free space at 14 dBm EIRP, 1,350 m and 3,835 m.
    const [from, to] = [latLngToCell(45.2, 5.77, 9), latLngToCell(45.824, 6.851, 9)];
    const distanceM = Math.round(greatCircleDistance(cellToLatLng(from), cellToLatLng(to), 'm'));
    expect(Math.round(distanceM / 1000)).toBe(109);
    const eirp = { eirpDdbm: ddbm(140), eirpCeilingDdbm: ddbm(140) };
    const espDdbm = ddbm(140 - freeSpaceLossDdb(distanceM, facts.frequencyHz) + 45);
    const at = (senderM: number, witnessM: number): LinkContext => ({
      ...sent({ cell: BigInt(`0x${from}`), horizonHeightM: senderM, ...eirp }),
      assertion: {
        ...link.assertion,
        cell: BigInt(`0x${to}`),
        altitudeMslM: metres(witnessM),
        antennaGainDdbi: ddbi(0),
      },
      report: { ...link.report, rssiSignalDdbm: espDdbm },
    });
    expect(judge(at(1350, 3835)).verdict.reason).toBe('none');
    expect(judge(at(20, 20)).verdict.reason).toBe('beyond_horizon');
  });
});

describe('laws of links', () => {
  const place = fc.record({
    lat: fc.double({ min: -70, max: 70, noNaN: true }),
    lng: fc.double({ min: -179, max: 179, noNaN: true }),
    resolution: fc.constantFrom(8, 9, 10),
  });
  const step = fc.double({ min: -0.4, max: 0.4, noNaN: true });

  it('never refuse what is possible from some point of the one cell to some point of the other', () => {
    fc.assert(
      fc.property(place, step, step, fc.constantFrom(8, 9, 10), (a, dLat, dLng, resolution) => {
        const b = { lat: a.lat + dLat, lng: a.lng + dLng };
        const trueM = Math.ceil(greatCircleDistance([a.lat, a.lng], [b.lat, b.lng], 'm'));
        fc.pre(trueM > 1700 && trueM < 70_000);
        // As loud as free space and the allowance permit between the two true points, and at the edge of the horizon.
        const lossDdb = freeSpaceLossDdb(trueM, facts.frequencyHz);
        const rootM = trueM / 4944 / 2;
        const context = {
          ...sent({ cell: cellAt(a.lat, a.lng, a.resolution), horizonHeightM: Math.ceil(rootM * rootM) }),
          assertion: {
            ...link.assertion,
            cell: cellAt(b.lat, b.lng, resolution),
            altitudeMslM: metres(Math.ceil(rootM * rootM)),
            antennaAglM: metres(0),
          },
          report: { ...link.report, rssiSignalDdbm: ddbm(facts.eirpCeilingDdbm + 30 - lossDdb + 60) },
        };
        expect(['none', 'too_near']).toContain(judge(context).verdict.reason);
      }),
      { numRuns: 500 },
    );
  });

  it('keep a valid link valid when the rules get looser', () => {
    const loosened = fc.record({
      clockToleranceMs: fc.nat(5000),
      frequencyToleranceHz: fc.nat(50_000),
      loudAllowanceDdb: fc.nat(100),
      quietAllowanceDdb: fc.nat(100),
      horizonAllowancePercent: fc.nat(50),
    });
    const report = fc.record({
      rssiChannelDdbm: fc.integer({ min: -1400, max: -300 }).map(ddbm),
      snrDdb: fc.integer({ min: -300, max: 150 }).map(ddb),
      receivedAtMs: fc.integer({ min: -5000, max: 5000 }).map((ms) => unixMs(facts.sentAtMs + ms)),
      frequencyHz: fc.integer({ min: -150_000, max: 150_000 }).map((hz) => hertz(facts.frequencyHz + hz)),
    });
    fc.assert(
      fc.property(report, loosened, (change, more) => {
        const context = hearing(change);
        fc.pre(judge(context).verdict.outcome === 'valid');
        const limits = { ...RULE_SET.link };
        for (const name of Object.keys(more) as (keyof typeof more)[])
          Object.assign(limits, { [name]: limits[name] + more[name] });
        expect(judge({ ...context, ruleSet: { ...RULE_SET, link: limits } }).verdict.outcome).toBe('valid');
      }),
      { numRuns: 500 },
    );
  });

  it('lose exactly as much margin as the signal gains power', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1400, max: -700 }), fc.nat(300), (power, more) => {
        const marginAt = (rssi: number) =>
          numbersOf(hearing({ rssiSignalDdbm: ddbm(rssi) }), 'not_too_loud')?.margin ?? 0;
        expect(marginAt(power) - marginAt(power + more)).toBe(more);
      }),
    );
  });

  it('end every hostile report with one outcome and never throw', () => {
    const int = (min: number, max: number) => fc.integer({ min, max });
    const hostile = fc.record({
      commitment: fc.oneof(fc.constant(link.report.commitment), fc.uint8Array({ maxLength: 40 })),
      frequencyHz: fc.oneof(fc.constant(link.report.frequencyHz), int(100_000_000, 3_000_000_000).map(hertz)),
      spreadingFactor: fc.oneof(fc.constant(facts.spreadingFactor), int(5, 12)),
      bandwidthHz: fc.constantFrom(125_000, 250_000, 500_000).map(hertz),
      rssiChannelDdbm: int(-2000, 500).map(ddbm),
      snrDdb: int(-500, 500).map(ddb),
      receivedAtMs: int(0, 2 ** 45).map(unixMs),
    });
    fc.assert(
      fc.property(hostile, fc.boolean(), fc.integer({ min: -1, max: 2 ** 31 }), (change, revealed, lastClosedSlot) => {
        const { transmission: _, ...unrevealed } = hearing(change);
        const { verdict, link: measured } = judge({ ...(revealed ? hearing(change) : unrevealed), lastClosedSlot });
        expect(verdict.outcome === 'valid').toBe(verdict.reason === 'none');
        expect(measured !== undefined).toBe(verdict.outcome === 'valid');
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on what the cell cache remembers', () => {
    expect(judgeLink(link, new Map())).toEqual(judgeLink(link, cells));
    expect(cells.has(WITNESS_CELL)).toBe(true);
  });
});
