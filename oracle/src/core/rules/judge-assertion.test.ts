import { ddbi, ddbm, metres, type Reason } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import type { AssertionContext } from './context.ts';
import { firstRoundInForce, judgeAssertion } from './judge-assertion.ts';
import { anchorContext, assertionContext, ROUND, RULE_SET, TIMING } from './samples/honest-contexts.ts';
import { OUTCOME_OF_REASON } from './verdict-of.ts';

const place = assertionContext();
const anchor = anchorContext();
const judge = judgeAssertion;
const asserting = (change: Partial<typeof place.report>) => ({ ...place, report: { ...place.report, ...change } });
const cellAt = (lat: number, lng: number, resolution: number) => BigInt(`0x${latLngToCell(lat, lng, resolution)}`);
const { participant: _, ...ofNobody } = place;

const SPOILED: [string, Reason, AssertionContext][] = [
  ['known_key', 'unknown_key', ofNobody],
  ['participant_kind', 'wrong_participant_kind', { ...place, report: anchor.report }],
  ['participant_kind', 'wrong_participant_kind', { ...anchor, report: place.report }],
  ['batch_name', 'batch_name_conflict', { ...place, batchNameConflict: true }],
  ['number_once', 'number_conflict', { ...anchor, numberConflict: true }],
  ['cell_allowed', 'cell_not_allowed', asserting({ cell: cellAt(49.2, 16.6, 7) })],
  ['cell_allowed', 'cell_not_allowed', asserting({ cell: cellAt(49.2, 16.6, 11) })],
  ['cell_allowed', 'cell_not_allowed', asserting({ cell: 2n ** 64n - 1n })],
  ['antenna_height', 'antenna_height', asserting({ antennaAglM: metres(151) })],
  ['antenna_height', 'antenna_height', asserting({ antennaAglM: metres(-1) })],
  ['altitude', 'altitude', asserting({ altitudeMslM: metres(5001) })],
  ['altitude', 'altitude', asserting({ altitudeMslM: metres(-431) })],
  ['antenna_gain', 'antenna_gain', asserting({ antennaGainDdbi: ddbi(151) })],
  ['antenna_gain', 'antenna_gain', { ...anchor, report: { ...anchor.report, antennaGainDdbi: ddbi(-101) } }],
  ['plan_of_place', 'region_plan_mismatch', asserting({ regionPlan: 'US915_FSB2' })],
  ['power_levels', 'power_levels', asserting({ txPowerLevelsDdbm: [ddbm(131), ddbm(140)] })],
];

describe('judging an assertion', () => {
  it('finds honest ones valid', () => {
    for (const context of [place, anchor]) {
      expect(judge(context)).toMatchObject({ subject: 'assertion', outcome: 'valid', reason: 'none', round: ROUND });
    }
  });

  it.each(SPOILED)('%s refuses with %s', (check, reason, context) => {
    const verdict = judge(context);
    expect(verdict.reason).toBe(reason);
    expect(verdict.outcome).toBe(OUTCOME_OF_REASON[reason as Exclude<Reason, 'none'>]);
    expect(verdict.checks.at(-1)?.check).toBe(check);
  });

  it('has a case here for every check it makes', () => {
    const made = [place, anchor].flatMap((context) => judge(context).checks.map(({ check }) => check));
    expect(new Set(SPOILED.map(([check]) => check))).toEqual(new Set(made));
  });

  it('asks no power levels of a gateway that only listens', () => {
    expect(judge(asserting({ canTransmit: false, txPowerLevelsDdbm: [] })).outcome).toBe('valid');
  });

  it('lets the owner choose among three sizes of cell', () => {
    for (const resolution of [8, 9, 10]) {
      expect(judge(asserting({ cell: cellAt(49.2, 16.6, resolution) })).outcome).toBe('valid');
    }
  });

  it('accepts the bounds themselves, and records the nearer one', () => {
    const verdict = judge(asserting({ antennaAglM: metres(150), altitudeMslM: metres(-430) }));
    expect(verdict.outcome).toBe('valid');
    expect(verdict.checks).toContainEqual({ check: 'altitude', observed: -430, limit: -430, margin: 0, unit: 'm' });
  });

  it('ends every hostile assertion with one outcome and never throws', () => {
    const hostile = fc.record({
      cell: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      antennaAglM: fc.integer({ min: -1000, max: 10_000 }).map(metres),
      altitudeMslM: fc.integer({ min: -1000, max: 20_000 }).map(metres),
      antennaGainDdbi: fc.integer({ min: -300, max: 500 }).map(ddbi),
      txPowerLevelsDdbm: fc.uniqueArray(fc.integer({ min: -500, max: 500 }).map(ddbm), { maxLength: 32 }),
    });
    fc.assert(
      fc.property(hostile, (change) => {
        const verdict = judge(asserting(change));
        expect(verdict.outcome === 'valid').toBe(verdict.reason === 'none');
      }),
    );
  });

  it('comes into force two rounds after the slot mark it precedes', () => {
    const slots = TIMING.roundMs / TIMING.slotMs;
    expect(firstRoundInForce(-1, TIMING, RULE_SET)).toBe(2);
    expect(firstRoundInForce(slots - 2, TIMING, RULE_SET)).toBe(2);
    expect(firstRoundInForce(slots - 1, TIMING, RULE_SET)).toBe(3);
  });
});
