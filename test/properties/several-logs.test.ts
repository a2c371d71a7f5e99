import { slotClosesMs } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { outcomeOf, paidTo, type Result } from '../support/world/outcome-of.ts';
import { beaconOf, witnessOf } from '../support/world/radio.ts';
import { runEpochs } from '../support/world/run-epochs.ts';
import { createSeeded } from '../support/world/seeded.ts';
import { beginning, certificates, type Event, heardByAll, honestLife, sent } from '../support/world/timeline.ts';
import { createWorld, type Member, type Validator } from '../support/world/world.ts';
import { writeLog } from '../support/world/write-log.ts';

/** Four validators: one may be faulty, so two logs (f + 1) have to agree, and three (M) have to grant. */
const world = createWorld({ seed: 51, hotspots: 5, surveyDevices: 1, validators: 4, radiusKm: 4 });
const [sender, witness] = world.hotspots as [Member, Member];

/** What happens, as each validator sees it. */
function run(lastEpoch: number, eventsOf: (validator: number) => Event[]): Result[] {
  const logs = world.validators.map((validator, i) =>
    writeLog(world, eventsOf(i), {
      validator,
      lastEpoch,
      disorder: { random: createSeeded(i), maxBatch: 9, repeats: 0 },
    }),
  );
  return runEpochs(world, logs);
}

describe('a network of four validators', () => {
  const life = honestLife(world, 2);

  it('counts a report once, whichever logs hold it, and gives every log its part of the cut', () => {
    const results = run(2, () => life);
    expect(results[1]?.summary.counts).toMatchObject({
      beacons: 10,
      surveyTransmissions: 6,
      invalid: 0,
      insufficient: 0,
    });
    expect(results[1]?.summary.cut).toHaveLength(4);
    for (const [i] of world.validators.entries()) {
      const line = results[1]?.rewards.filter(({ rewardClass }) => rewardClass === 'validator')[i];
      expect([line?.count, line?.shares]).toEqual([2, 2n]);
    }
  });

  it('finds the same when one log misses a third of everything and another delays it by a second', () => {
    const lossy = createSeeded(5);
    const kept = life.filter((event) => 'record' in event || lossy.next() > 0.33);
    const delayed = life.map((event) => ('record' in event ? event : { ...event, atMs: event.atMs + 1_000 }));
    const [whole, damaged] = [run(2, () => life), run(2, (i) => (i === 0 ? kept : i === 1 ? delayed : life))];
    const roots = (results: Result[]) => results.map(({ summary }) => [summary.roots.verdicts, summary.roots.rewards]);
    // The slot a report stands before is among the numbers of its checks: outcomes are compared, not roots, where it moves.
    expect(roots(run(2, (i) => (i === 0 ? kept : life)))).toEqual(roots(whole));
    const outcomes = (results: Result[]) =>
      results.map(({ verdicts }) => [...verdicts].map(({ reportId, outcome, reason }) => [reportId, outcome, reason]));
    expect(outcomes(damaged)).toEqual(outcomes(whole));
  });

  it('grants what three of them grant', () => {
    const counted = (granting: number): number => {
      const events = (i: number) =>
        life.filter((event) => !('record' in event && event.record.kind === 'grant') || i < granting);
      return run(1, events)[1]?.summary.counts['reason.no_grant'] ?? 0;
    };
    expect([counted(2), counted(3)]).toEqual([6, 0]);
  });
});

describe('position in several logs', () => {
  const beacon = beaconOf(world, sender, 3);
  const report = witnessOf(witness, beacon);
  if (!report) throw new Error('the sample witness must hear the sample beacon');
  const begun = [...beginning(world), ...certificates(world, 0, 6)];
  const others = heardByAll(world, beacon).filter((event) => !('from' in event) || event.from !== witness.signer);
  const [inTime, tooLate] = [report.receivedAtMs + 400, slotClosesMs(world.timing, beacon.slot) + 1];
  const with_ = (places: readonly (number | undefined)[]) => (i: number) => {
    const atMs = places[i];
    return atMs === undefined ? [...begun, ...others] : [...begun, ...others, sent(witness, atMs, report)];
  };
  const outcome = (...places: (number | undefined)[]) => outcomeOf(world, run(1, with_(places)), witness, report);

  it('counts when a report stands before the mark in f + 1 of them', () => {
    expect(outcome(inTime, inTime, tooLate, tooLate)).toBe('valid');
    expect(outcome(inTime, undefined, undefined, inTime)).toBe('valid');
    expect(outcome(tooLate, tooLate, inTime, tooLate)).toBe('insufficient/after_slot_closed');
  });

  it('does not count what one validator alone says', () => {
    expect(outcome(inTime, undefined, undefined, undefined)).toBe('insufficient/after_slot_closed');
    const results = run(1, with_([inTime, undefined, undefined, undefined]));
    expect(paidTo(results[1] as Result, witness, 'witness')).toBe(0n);
  });

  it('of an assertion that one log alone holds by the cut is the cut, not nothing', () => {
    const assertions = (i: number) =>
      [
        ...beginning(world),
        ...certificates(world, 0, 8),
        ...heardByAll(world, beaconOf(world, sender, 2)),
        ...heardByAll(world, beacon),
      ]
        .concat(heardByAll(world, beaconOf(world, sender, 5)))
        .filter(
          (event) =>
            i === 2 || !('from' in event && event.from === sender.signer && event.report.kind === 'location_assertion'),
        );
    const results = run(2, assertions);
    const nothing = 'insufficient/no_assertion_in_force';
    // Cut of epoch 0: 8 s into round 2. Two rounds later is round 4.
    expect(outcomeOf(world, results, sender, beaconOf(world, sender, 3).reveal)).toBe(nothing);
    expect(outcomeOf(world, results, sender, beaconOf(world, sender, 5).reveal)).toBe('valid');
  });
});

describe('records', () => {
  it('of a validator count only in its own log', () => {
    const [one, other] = world.validators as readonly [Validator, Validator];
    const events = beginning(world);
    const log = writeLog(world, events, { validator: one, lastEpoch: 0 });
    const foreign = writeLog(world, events, { validator: other, lastEpoch: 0 });
    const mixed = {
      ...log,
      epochs: [
        [...(log.epochs[0] ?? []).slice(0, 1), ...(foreign.epochs[0] ?? []).slice(1)].map((entry, index) => ({
          ...entry,
          position: { origin: log.origin, index },
        })),
      ],
    };
    const size = mixed.epochs[0]?.length ?? 0;
    const results = runEpochs(world, [{ ...mixed, cuts: [{ origin: log.origin, size, root: new Uint8Array(32) }] }]);
    // Its invitations are another validator's records, so nobody is known.
    expect(results[0]?.state.participants).toEqual([]);
    expect(new Set([...(results[0]?.verdicts ?? [])].map(({ reason }) => reason))).toEqual(new Set(['unknown_key']));
  });
});
