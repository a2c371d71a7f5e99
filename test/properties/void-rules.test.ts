import {
  certificateMessage,
  type LocationAssertion,
  metres,
  revealAtMs,
  roundEntropy,
  roundStartMs,
  slotStartMs,
  slotsPerRound,
  unixMs,
  type WitnessReport,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { outcomeOf, paidTo, type Result } from '../support/world/outcome-of.ts';
import { beaconOf, type OnAir, surveyOf, witnessOf } from '../support/world/radio.ts';
import { seededBytes } from '../support/world/seeded.ts';
import { createShortChain } from '../support/world/short-chain.ts';
import { beginning, certificates, type Event, heardByAll, recorded, sent } from '../support/world/timeline.ts';
import { assertionOf, certificateOf, createWorld, type Member, type Validator } from '../support/world/world.ts';

const world = createWorld({ seed: 21, hotspots: 6, surveyDevices: 1, radiusKm: 4 });
const [sender, witness, third] = world.hotspots as [Member, Member, Member];
const device = world.surveyDevices[0] as Member;
const startMs = (round: number): number => roundStartMs(world.timing, round);
const begun = [...beginning(world), ...certificates(world, 0, 6)];

function heardBy(member: Member, onAir: OnAir): WitnessReport {
  const report = witnessOf(member, onAir);
  if (!report) throw new Error('the sample witness must hear the sample transmission');
  return report;
}

/** Verdicts on a beacon and on one witness report of it. */
function pair(results: readonly Result[], onAir: OnAir, by: Member = witness): [string, string] {
  return [outcomeOf(world, results, onAir.sender, onAir.reveal), outcomeOf(world, results, by, heardBy(by, onAir))];
}

describe('a round is void', () => {
  const beacon = beaconOf(world, sender, 3);
  const run = (...certs: Event[]) => live(world, [...beginning(world), ...certs, ...heardByAll(world, beacon)], 1);
  const timely = startMs(3) - 6_000;
  const others = [0, 1, 2, 4].flatMap((round) => certificates(world, round, round));

  it('without a certificate', () => {
    const results = run(...others);
    // Nothing opens the beacon, so nobody can be shown to have heard it.
    expect(pair(results, beacon)).toEqual(['insufficient/round_void', 'insufficient/no_such_beacon']);
    expect(results[1]?.summary.rounds).toEqual([{ round: 2, entropy: expect.any(String) }, { round: 3 }]);
  });

  it('when its certificate stands behind the mark of the last slot before it', () => {
    const closesMs = startMs(3) + world.timing.clockMarginMs;
    expect(pair(run(...others, recorded(closesMs - 1, certificateOf(world, 3))), beacon)[0]).toBe('valid');
    expect(pair(run(...others, recorded(closesMs, certificateOf(world, 3))), beacon)[0]).toBe(
      'insufficient/round_void',
    );
  });

  it('when its certificate is not signed by its validators', () => {
    const good = certificateOf(world, 3);
    const signatures = good.signatures.map((item) => ({ ...item, signature: new Uint8Array(64).fill(1) }));
    expect(pair(run(...others, recorded(timely, { ...good, signatures })), beacon)[0]).toBe('insufficient/round_void');
  });

  it('when its certificate reveals no link of the validators chain', () => {
    const [validator] = world.validators as readonly [Validator];
    const reveals = [{ validator: validator.signer.publicKey, chainLink: seededBytes('no link') }];
    const entropy = roundEntropy(world.networkId, 3, reveals);
    const content = { round: 3, ruleSetId: world.ruleSet.id, entropy };
    const signature = validator.signer.sign(certificateMessage(world.networkId, content));
    const signatures = [{ validator: validator.signer.publicKey, signature }];
    const forged = { kind: 'round_certificate', ...content, reveals, signatures } as const;
    expect(pair(run(...others, recorded(timely, forged)), beacon)[0]).toBe('insufficient/round_void');
    // Beside a good one it does not count, wherever it stands.
    const both = [recorded(timely - 20_000, forged), recorded(timely, certificateOf(world, 3))];
    expect(pair(run(...others, ...both), beacon)[0]).toBe('valid');
  });
});

describe('a beacon is void', () => {
  it('and its twin too, when a hotspot reveals two for one round', () => {
    const beacon = beaconOf(world, sender, 2);
    const twin = { ...beacon.reveal, sentAtMs: unixMs(beacon.reveal.sentAtMs + 1) };
    const atMs = revealAtMs(world.timing, beacon.slot) + 700;
    const results = live(world, [...begun, ...heardByAll(world, beacon), sent(sender, atMs, twin)], 1);
    expect(pair(results, beacon)[0]).toBe('invalid/duplicate_beacon');
    expect(outcomeOf(world, results, sender, twin)).toBe('invalid/duplicate_beacon');
    expect(paidTo(results[1] as Result, sender)).toBe(0n);
  });

  it('when it is revealed before its slot is closed', () => {
    const beacon = beaconOf(world, sender, 2);
    const early = sent(sender, slotStartMs(world.timing, beacon.slot) + 2_000, beacon.reveal);
    const heard = heardByAll(world, beacon).filter((event) => !('from' in event) || event.from !== sender.signer);
    const results = live(world, [...begun, ...heard, early], 1);
    expect(pair(results, beacon)).toEqual(['invalid/revealed_before_slot_closed', 'insufficient/beacon_not_valid']);
  });

  it('when its link is of no chain of the sender, whatever order its good ones come in', () => {
    const [two, three] = [2, 3].map((round) => beaconOf(world, sender, round)) as [OnAir, OnAir];
    const stolen = createShortChain(seededBytes('another chain'), 512);
    const forged = beaconOf(world, { ...sender, chain: stolen }, 4);
    const events = [...heardByAll(world, three), ...heardByAll(world, two), ...heardByAll(world, forged)];
    const results = live(world, [...begun, ...events], 2);
    expect(outcomeOf(world, results, sender, forged.reveal)).toBe('invalid/chain_link_mismatch');
    expect(pair(results, two)[0]).toBe('valid');
    expect(pair(results, three)[0]).toBe('valid');
  });
});

describe('witness reports are void', () => {
  const beacon = beaconOf(world, sender, 2);

  it('all of them, when one witness contradicts itself', () => {
    const report = heardBy(witness, beacon);
    const other = { ...report, gatewayTimeUs: report.gatewayTimeUs + 1 };
    const events = [...begun, ...heardByAll(world, beacon), sent(witness, report.receivedAtMs + 500, other)];
    const results = live(world, events, 1);
    expect(pair(results, beacon)).toEqual(['valid', 'invalid/conflicting_reports']);
    expect(outcomeOf(world, results, witness, other)).toBe('invalid/conflicting_reports');
    expect(pair(results, beacon, third)[1]).toBe('valid');
    expect(paidTo(results[1] as Result, witness)).toBe(0n);
  });

  it('also when the contradiction bears another tag', () => {
    const report = heardBy(witness, beacon);
    const other = { ...report, beaconTag: Uint8Array.of(9, 9, 9, 9) };
    const events = [...begun, ...heardByAll(world, beacon), sent(witness, report.receivedAtMs + 500, other)];
    expect(pair(live(world, events, 1), beacon)[1]).toBe('invalid/conflicting_reports');
  });
});

describe('location assertions', () => {
  const moved = (changes: Partial<LocationAssertion>): LocationAssertion =>
    assertionOf(sender, { antennaAglM: metres(30), ...changes });
  const say = (atMs: number, assertion: LocationAssertion) => sent(sender, atMs, assertion);
  const genesisMs = world.timing.genesisMs;
  const beacons = [2, 3, 4, 5].map((round) => beaconOf(world, sender, round));
  const heard = beacons.flatMap((beacon) => heardByAll(world, beacon));
  const outcomes = (results: readonly Result[]) =>
    beacons.map((beacon) => outcomeOf(world, results, sender, beacon.reveal));

  it('take effect two rounds after the slot mark they precede', () => {
    const late = beginning(world).filter(
      (event) => !('from' in event && event.from === sender.signer && event.report.kind === 'location_assertion'),
    );
    const run = (atMs: number) =>
      outcomes(live(world, [...late, ...certificates(world, 0, 6), ...heard, say(atMs, assertionOf(sender))], 2));
    const nothing = 'insufficient/no_assertion_in_force';
    // The mark of round 0's last slot stands 3 s behind its end.
    const lastOfRound0 = startMs(1) + world.timing.clockMarginMs - 1;
    expect(run(lastOfRound0)).toEqual(['valid', 'valid', 'valid', 'valid']);
    expect(run(lastOfRound0 + 1)).toEqual([nothing, 'valid', 'valid', 'valid']);
    expect(run(startMs(3))).toEqual([nothing, nothing, 'valid', 'valid']);
  });

  it('with one number are both void in one epoch, and leave the place before in force', () => {
    const [one, other] = [moved({ number: 2 }), moved({ number: 2, antennaAglM: metres(31) })];
    const results = live(world, [...begun, say(genesisMs + 9_000, one), say(genesisMs + 9_500, other), ...heard], 2);
    expect(outcomeOf(world, results, sender, one)).toBe('invalid/number_conflict');
    expect(outcomeOf(world, results, sender, other)).toBe('invalid/number_conflict');
    expect(outcomes(results)).toEqual(['valid', 'valid', 'valid', 'valid']);
  });

  it('with one number are void from then on when the second comes in a later epoch', () => {
    const second = moved({ number: 1 });
    const atMs = startMs(2) + 10_000;
    const results = live(world, [...begun, say(atMs, second), ...heard], 2);
    expect(outcomeOf(world, results, sender, second)).toBe('invalid/number_conflict');
    // Written in round 2, so it would have come into force with round 4.
    const nothing = 'insufficient/no_assertion_in_force';
    expect(outcomes(results)).toEqual(['valid', 'valid', nothing, nothing]);
  });

  it('with an old number change nothing', () => {
    const [newer, older] = [moved({ number: 5 }), moved({ number: 3 })];
    const results = live(world, [...begun, say(genesisMs + 9_000, newer), say(startMs(2) + 9_000, older), ...heard], 2);
    expect(outcomeOf(world, results, sender, older)).toBe('invalid/number_conflict');
    expect(outcomes(results)).toEqual(['valid', 'valid', 'valid', 'valid']);
  });

  it('that are not valid never come into force', () => {
    const mast = moved({ number: 2, antennaAglM: metres(900) });
    const results = live(world, [...begun, say(genesisMs + 9_000, mast), ...heard], 2);
    expect(outcomeOf(world, results, sender, mast)).toBe('invalid/antenna_height');
    expect(outcomes(results)).toEqual(['valid', 'valid', 'valid', 'valid']);
  });
});

describe('a survey index is spent once', () => {
  const slotOf = (round: number, i: number): number => round * slotsPerRound(world.timing) + i;
  const at = (index: number, slot: number) =>
    surveyOf(world, device, { index, slot, lat: device.lat, lng: device.lng });
  const run = (...turns: OnAir[]) => live(world, [...begun, ...turns.flatMap((turn) => heardByAll(world, turn))], 2);
  const outcomesOf = (results: Result[], turns: OnAir[]) =>
    turns.map((turn) => outcomeOf(world, results, device, turn.reveal));

  it('in one epoch', () => {
    const turns = [at(1, slotOf(2, 1)), at(2, slotOf(2, 3)), at(2, slotOf(2, 5))];
    expect(outcomesOf(run(...turns), turns)).toEqual(['valid', 'invalid/index_reused', 'invalid/index_reused']);
  });

  it('in all epochs', () => {
    const turns = [
      at(1, slotOf(2, 1)),
      at(5, slotOf(3, 3)),
      at(5, slotOf(4, 3)),
      at(4, slotOf(4, 5)),
      at(6, slotOf(4, 7)),
    ];
    const reused = 'invalid/index_reused';
    expect(outcomesOf(run(...turns), turns)).toEqual(['valid', 'valid', reused, reused, 'valid']);
  });

  it('and in order: below a revealed link every secret is public', () => {
    const turns = [at(7, slotOf(2, 1)), at(3, slotOf(2, 9)), at(8, slotOf(2, 11))];
    expect(outcomesOf(run(...turns), turns)).toEqual(['valid', 'invalid/index_reused', 'valid']);
  });
});
