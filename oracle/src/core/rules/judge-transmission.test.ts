import {
  ddbm,
  equalBytes,
  firstSlotOfRound,
  hertz,
  type Reason,
  unixMs,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import type { TransmissionContext } from './context.ts';
import { judgeTransmission } from './judge-transmission.ts';
import { beaconContext, LINK_2, ROUND, RULE_SET, surveyContext, TIMING, WITNESS } from './samples/honest-contexts.ts';
import { OUTCOME_OF_REASON } from './verdict-of.ts';

const beacon = beaconContext();
const survey = surveyContext();
const judge = judgeTransmission;
const checkNames = (context: TransmissionContext) => judge(context).verdict.checks.map(({ check }) => check);

const ofBeacon = (change: Partial<typeof beacon.report>) => ({ ...beacon, report: { ...beacon.report, ...change } });
const ofSurvey = (change: Partial<typeof survey.report>) => ({ ...survey, report: { ...survey.report, ...change } });
const without = <T extends object>(context: T, name: keyof T): T => {
  const { [name]: _, ...rest } = context;
  return rest as T;
};
const participant = (kind: 'hotspot' | 'survey_device') => ({ kind, owner: new Uint8Array(20) });
const asserting = (change: Partial<typeof beacon.assertion>) => ({
  ...beacon,
  assertion: { ...beacon.assertion, ...change },
});
const quiteElsewhere = BigInt(`0x${latLngToCell(40.7, -74, 9)}`);

/** Each spoils one thing; the last check made is the one that must refuse. */
const SPOILED: [string, Reason, TransmissionContext][] = [
  ['known_key', 'unknown_key', without(beacon, 'participant')],
  ['participant_kind', 'wrong_participant_kind', { ...beacon, participant: participant('survey_device') }],
  ['participant_kind', 'wrong_participant_kind', { ...survey, participant: participant('hotspot') }],
  ['batch_name', 'batch_name_conflict', { ...beacon, batchNameConflict: true }],
  ['inside_epoch', 'outside_epoch', { ...beacon, cutEpoch: 11 }],
  ['inside_epoch', 'outside_epoch', { ...survey, cutEpoch: 9 }],
  ['assertion_in_force', 'no_assertion_in_force', without(beacon, 'assertion') as TransmissionContext],
  ['grant', 'no_grant', { ...survey, granted: false }],
  ['chain_anchor', 'no_chain_anchor', without(survey, 'anchor') as TransmissionContext],
  ['chain_anchor', 'no_chain_anchor', without(beacon, 'chain')],
  ['can_transmit', 'cannot_transmit', asserting({ canTransmit: false })],
  ['can_transmit', 'cannot_transmit', asserting({ regionPlan: 'KR920' })],
  ['can_transmit', 'cannot_transmit', asserting({ txPowerLevelsDdbm: [ddbm(200)] })],
  ['one_a_round', 'duplicate_beacon', { ...beacon, duplicate: true }],
  ['one_an_index', 'index_reused', { ...survey, duplicate: true }],
  ['round_certificate', 'round_void', without(beacon, 'entropy')],
  ['survey_cell', 'cell_not_allowed', ofSurvey({ cell: BigInt(`0x${latLngToCell(49.2, 16.6, 10)}`) })],
  ['survey_cell', 'cell_not_allowed', ofSurvey({ cell: 0n })],
  ['satellites', 'gnss_poor', ofSurvey({ satellites: 3 })],
  ['hdop', 'gnss_poor', ofSurvey({ hdopTenths: 51 })],
  ['speed', 'gnss_poor', ofSurvey({ speedDmps: 501 })],
  ['plan_of_place', 'region_plan_mismatch', ofSurvey({ cell: quiteElsewhere })],
  [
    'chain_position',
    'chain_link_mismatch',
    { ...beacon, chain: { ...beacon.chain, first: ROUND + 1 } } as TransmissionContext,
  ],
  ['chain_position', 'chain_link_mismatch', ofSurvey({ index: 5 + 4096 })],
  ['chain_link', 'chain_link_mismatch', ofBeacon({ chainLink: new Uint8Array(32).fill(8) })],
  ['chain_link', 'chain_link_mismatch', ofSurvey({ index: survey.report.index + 1 })],
  [
    'chain_link',
    'chain_link_mismatch',
    { ...beacon, chain: { first: ROUND - 1, known: { position: 0, link: LINK_2 } } },
  ],
  ['frame', 'frame_mismatch', { ...beacon, entropy: new Uint8Array(32).fill(4) }],
  ['frame', 'frame_mismatch', { ...beacon, networkId: 'other' }],
  ['frame', 'frame_mismatch', ofBeacon({ phyPayload: beacon.report.phyPayload.slice(0, 22) })],
  ['revealed_late_enough', 'revealed_before_slot_closed', { ...beacon, lastClosedSlot: beacon.lastClosedSlot - 1 }],
  ['revealed_late_enough', 'revealed_before_slot_closed', { ...survey, lastClosedSlot: -1 }],
  ['derived_frequency', 'frequency_mismatch', ofBeacon({ frequencyHz: hertz(beacon.report.frequencyHz + 1) })],
  ['derived_spreading_factor', 'spreading_factor_mismatch', ofBeacon({ spreadingFactor: 6 })],
  ['beacon_bandwidth', 'bandwidth_mismatch', ofBeacon({ bandwidthHz: hertz(250_000) })],
  ['derived_power_step', 'power_step_mismatch', ofBeacon({ txPowerRequestedDdbm: ddbm(61) })],
  ['slot', 'slot_mismatch', ofBeacon({ sentAtMs: unixMs(beacon.report.sentAtMs + 60_000) })],
  ['slot', 'slot_mismatch', { ...ofSurvey({ sentAtMs: unixMs(survey.report.sentAtMs - 21_600_000) }) }],
  ['power_within_plan', 'power_above_plan', ofBeacon({ txPowerActualDdbm: ddbm(131) })],
  ['power_within_assertion', 'power_above_assertion', ofBeacon({ txPowerActualDdbm: ddbm(121) })],
];

describe('judging a transmission', () => {
  it('finds honest ones valid, with the numbers of every check', () => {
    for (const context of [beacon, survey]) {
      const { verdict } = judge(context);
      expect(verdict).toMatchObject({ outcome: 'valid', reason: 'none', round: ROUND, sender: context.reporter });
      expect(verdict.subject).toBe(context.report.kind);
      for (const { margin } of verdict.checks) expect(margin ?? 0).toBeGreaterThanOrEqual(0);
    }
    expect(judge(beacon).verdict.checks).toContainEqual({
      check: 'power_within_plan',
      observed: beacon.report.txPowerRequestedDdbm + 30,
      limit: 160,
      margin: 130 - beacon.report.txPowerRequestedDdbm,
      unit: 'ddBm',
    });
  });

  it.each(SPOILED)('%s refuses with %s', (check, reason, context) => {
    const { verdict } = judge(context);
    expect(verdict.reason).toBe(reason);
    expect(verdict.outcome).toBe(OUTCOME_OF_REASON[reason as Exclude<Reason, 'none'>]);
    expect(verdict.checks.at(-1)?.check).toBe(check);
  });

  it('has a case here for every check it makes', () => {
    const cases = new Set(SPOILED.map(([check]) => check));
    expect(cases).toEqual(new Set([...checkNames(beacon), ...checkNames(survey)]));
  });

  it('says what witnesses are compared with', () => {
    const { facts } = judge(beacon);
    expect(facts).toMatchObject({
      sender: beacon.reporter,
      senderKind: 'hotspot',
      round: ROUND,
      slot: beacon.lastClosedSlot,
      cell: beacon.assertion.cell,
      bandwidthHz: 125_000,
      sentAtMs: beacon.report.sentAtMs,
      eirpDdbm: beacon.report.txPowerRequestedDdbm + 30,
      horizonHeightM: 250,
    });
    expect(facts && equalBytes(facts.nonce, beacon.report.phyPayload.subarray(7))).toBe(true);
    expect(facts && witnessCommitment(facts.nonce, WITNESS)).toHaveLength(32);
  });

  it('takes the highest declared level for the ceiling where the gateway does not tell its power', () => {
    const { txPowerActualDdbm: _, ...report } = beacon.report;
    const { verdict, facts } = judge({ ...beacon, report });
    expect(verdict.outcome).toBe('valid');
    expect(facts?.eirpDdbm).toBe(report.txPowerRequestedDdbm + 30);
    expect(facts?.eirpCeilingDdbm).toBe(120 + 30);
  });

  it('accepts a gateway that used another of its declared powers than asked for', () => {
    const { verdict, facts } = judge(ofBeacon({ txPowerActualDdbm: ddbm(120) }));
    expect(verdict.outcome).toBe('valid');
    expect([facts?.eirpDdbm, facts?.eirpCeilingDdbm]).toEqual([150, 150]);
  });

  it('keeps the facts of an opened transmission it refuses, and has none of one it could not open', () => {
    expect(judge(ofBeacon({ txPowerActualDdbm: ddbm(500) })).facts).toBeDefined();
    expect(judge({ ...beacon, duplicate: true }).facts).toBeUndefined();
    expect(judge(ofBeacon({ chainLink: new Uint8Array(32) })).facts).toBeUndefined();
  });

  it('gives a survey device the highest altitude there is: it tells none', () => {
    expect(judge(survey).facts?.horizonHeightM).toBe(RULE_SET.assertion.maxAltitudeM);
  });

  it('does not depend on which good link of the chain is known', () => {
    const known = { first: ROUND - 2, known: { position: 2, link: LINK_2 } };
    expect(judge({ ...beacon, chain: known })).toEqual({
      ...judge(beacon),
      verdict: { ...judge(beacon).verdict, checks: expect.anything() },
    });
    const later = { first: ROUND - 2, known: { position: 3, link: beacon.report.chainLink } };
    expect(judge({ ...beacon, chain: later }).verdict.outcome).toBe('valid');
  });

  it('ends every hostile report with one outcome and never throws', () => {
    const int = (min: number, max: number) => fc.integer({ min, max });
    const hostile = fc.record({
      round: fc.oneof(fc.constant(ROUND), int(0, 2 ** 31)),
      index: fc.oneof(fc.constant(survey.report.index), int(0, 2 ** 31)),
      chainLink: fc.oneof(fc.constant(survey.report.chainLink), fc.uint8Array({ maxLength: 64 })),
      phyPayload: fc.uint8Array({ minLength: 1, maxLength: 255 }),
      spreadingFactor: int(5, 12),
      bandwidthHz: fc.constantFrom(125_000, 250_000, 500_000).map(hertz),
      txPowerRequestedDdbm: int(-500, 500).map(ddbm),
      txPowerActualDdbm: int(-500, 500).map(ddbm),
      sentAtMs: fc.integer({ min: 0, max: 2 ** 45 }).map(unixMs),
      cell: fc.oneof(fc.constant(survey.report.cell), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
      satellites: int(0, 255),
      hdopTenths: int(0, 1000),
      speedDmps: int(0, 10_000),
    });
    fc.assert(
      fc.property(hostile, fc.boolean(), fc.integer({ min: -1, max: 2 ** 31 }), (change, isBeacon, lastClosedSlot) => {
        const context = isBeacon ? ofBeacon(change) : ofSurvey(change);
        const { verdict } = judge({ ...context, lastClosedSlot });
        expect(verdict.outcome === 'valid').toBe(verdict.reason === 'none');
        expect(verdict.checks.filter(({ margin }) => (margin ?? 0) < 0).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('knows the slot its secret gives: within the round', () => {
    const slot = judge(beacon).facts?.slot ?? -1;
    expect(slot).toBeGreaterThanOrEqual(firstSlotOfRound(TIMING, ROUND));
    expect(slot).toBeLessThan(firstSlotOfRound(TIMING, ROUND + 1));
  });
});
