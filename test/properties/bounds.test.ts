import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  certificateMessage,
  type LocationAssertion,
  metres,
  roundEntropy,
  roundStartMs,
  type Successor,
  slotsPerRound,
} from '@sextant/firmware-bridge/protocol';
import { decodeState, encodeState } from '@sextant/oracle/core';
import { describe, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { outcomeOf, type Result } from '../support/world/outcome-of.ts';
import { beaconOf, surveyOf } from '../support/world/radio.ts';
import { runEpochs } from '../support/world/run-epochs.ts';
import { createSeeded, seededBytes } from '../support/world/seeded.ts';
import { createShortChain } from '../support/world/short-chain.ts';
import {
  beginning,
  certificates,
  type Event,
  heardByAll,
  honestLife,
  recorded,
  sent,
} from '../support/world/timeline.ts';
import {
  assertionOf,
  certificateOf,
  createWorld,
  type Member,
  type Validator,
  type World,
} from '../support/world/world.ts';
import { writeLog } from '../support/world/write-log.ts';

const world = createWorld({ seed: 111, hotspots: 5, surveyDevices: 1, radiusKm: 4 });
const [first] = world.hotspots as [Member];
const device = world.surveyDevices[0] as Member;
const begun = [...beginning(world), ...certificates(world, 0, 8)];
const batched = { random: createSeeded(3), maxBatch: 60, repeats: 0 };

/** The same world with some numbers of its rule set changed: for what takes days otherwise. */
function withRules(changes: (ruleSet: World['ruleSet']) => Partial<World['ruleSet']>): World {
  return { ...world, ruleSet: { ...world.ruleSet, ...changes(world.ruleSet) } };
}

describe('memory of what was judged', () => {
  const short = withRules(({ timing }) => ({ timing: { ...timing, lateEpochs: 1 } }));
  const beacon = beaconOf(world, first, 2);

  it('ends after K epochs: what is older is nothing', () => {
    const late = (epochs: number): string => {
      const atMs = roundStartMs(world.timing, 2 + 2 * epochs) + 30_000;
      return outcomeOf(world, live(short, [...begun, sent(first, atMs, beacon.reveal)], 4), first, beacon.reveal);
    };
    expect([late(1), late(2)]).toEqual(['insufficient/outside_epoch', '0 verdicts']);
  });

  it('is kept for K epochs and one more, for what was judged an epoch early', () => {
    const results = live(short, honestLife(world, 4), 4);
    expect(results.map(({ state }) => state.judged.map(({ epoch }) => epoch))).toEqual([
      [0],
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });
});

describe('a surveyed cell', () => {
  it('is new again when nothing covered it for a day', () => {
    const twoEpochs = withRules(({ rewards }) => ({
      rewards: { ...rewards, freshCoverageDays: (2 * world.timing.epochMs) / 86_400_000 },
    }));
    const turn = (index: number, round: number) =>
      heardByAll(
        world,
        surveyOf(world, device, { index, slot: round * slotsPerRound(world.timing), lat: device.lat, lng: device.lng }),
      );
    const results = live(
      twoEpochs,
      [...begun, ...certificates(world, 9, 14), ...turn(1, 2), ...turn(2, 4), ...turn(3, 12)],
      6,
    );
    const sharesIn = (epoch: number) =>
      results[epoch]?.rewards.find(({ key }) => Buffer.from(key).equals(device.key))?.shares;
    expect([sharesIn(1), sharesIn(2), sharesIn(6)]).toEqual([7_207_200n, 720_720n, 7_207_200n]);
  });
});

describe('what one key can cost', () => {
  it('statements: who makes more than the rule set allows in an epoch has made none', () => {
    const limit = world.ruleSet.epoch.statements;
    const say = (number: number): LocationAssertion =>
      assertionOf(first, { number, antennaAglM: metres(number % 100) });
    const flood = Array.from({ length: limit + 1 }, (_, i) =>
      sent(first, roundStartMs(world.timing, 2) + 9_000, say(i + 2)),
    );
    const beacons = [2, 5].map((round) => beaconOf(world, first, round));
    const results = live(
      world,
      [...begun, ...flood, ...beacons.flatMap((beacon) => heardByAll(world, beacon))],
      2,
      batched,
    );
    expect(results[1]?.summary.counts['reason.number_conflict']).toBe(limit + 1);
    for (const beacon of beacons) expect(outcomeOf(world, results, first, beacon.reveal)).toBe('valid');
    // One less, and the last of them is in force.
    const allowed = live(world, [...begun, ...flood.slice(1)], 2, batched);
    expect(allowed[1]?.summary.counts['reason.number_conflict']).toBeUndefined();
    const standing = allowed[2]?.state.participants.find(({ key }) => Buffer.from(key).equals(first.key))?.statements;
    expect(standing?.map(({ report }) => report.number)).toEqual([limit + 2]);
  });

  it('successors: signatures of a few of them are checked', () => {
    const newKey = createSeedSigner(seededBytes('new')).publicKey;
    const flood = Array.from({ length: 300 }, (_, i): Event => {
      const ownerSignature = new Uint8Array(65).fill(i % 256);
      ownerSignature[0] = i >> 8;
      const successor: Successor = {
        kind: 'successor',
        newKey,
        ownerSignature,
        newKeySignature: new Uint8Array(64).fill(1),
      };
      return sent(first, roundStartMs(world.timing, 2) + 9_000, successor);
    });
    const results = live(world, [...begun, ...flood], 1, batched);
    expect(results[1]?.summary.counts['reason.key_not_allowed']).toBe(300);
  });

  it('chain links: after so many hashes wrong ones are refused unread', () => {
    const budgeted = withRules(({ epoch }) => ({ epoch: { ...epoch, chainHashes: 1_000 } }));
    const stranger: Member = { ...device, chain: createShortChain(seededBytes('wrong'), 512) };
    const slot = 2 * slotsPerRound(world.timing);
    const at = (who: Member, index: number, inSlot: number) =>
      surveyOf(world, who, { index, slot: inSlot, lat: who.lat, lng: who.lng });
    const wrong = Array.from({ length: 40 }, (_, i) => at(stranger, 100 + i, slot + 6));
    const [good, after] = [at(device, 50, slot + 1), at(device, 300, slot + 8)];
    const events = [
      ...wrong.map((turn) => sent(device, roundStartMs(world.timing, 3), turn.reveal)),
      ...heardByAll(world, good),
      ...heardByAll(world, after),
    ];
    const results = live(budgeted, [...begun, ...events], 1, batched);
    expect(results[1]?.summary.counts['reason.chain_link_mismatch']).toBe(41);
    expect(outcomeOf(world, results, device, good.reveal)).toBe('valid');
    // Behind the wrong ones nothing of this sender is looked at any more in this epoch.
    expect(outcomeOf(world, results, device, after.reveal)).toBe('invalid/chain_link_mismatch');
    expect(outcomeOf(world, live(world, [...begun, ...events], 1, batched), device, after.reveal)).toBe('valid');
  });
});

describe('a log of another network in the cut', () => {
  it('says nothing, and its length is remembered', () => {
    const other = createWorld({ seed: 112, hotspots: 2 });
    const logs = [world, other].map((of) =>
      writeLog(of, honestLife(of, 1), { validator: of.validators[0] as Validator, lastEpoch: 1 }),
    );
    const both = runEpochs(world, logs);
    const alone = runEpochs(world, logs.slice(0, 1));
    expect(both.map(({ summary }) => summary.roots.verdicts)).toEqual(
      alone.map(({ summary }) => summary.roots.verdicts),
    );
    const { state } = both[1] as Result;
    expect(new Set(state.logs.map(({ validator }) => validator))).toEqual(new Set([-1, 0]));
    const { bytes, parts } = encodeState(state);
    const decoded = decodeState(
      bytes,
      (digest) => parts.find((part) => Buffer.from(part.digest).equals(digest))?.bytes,
    );
    expect(decoded).toMatchObject({ ok: true, state });
  });
});

describe('two good certificates of one round', () => {
  const four = createWorld({ seed: 113, hotspots: 3, validators: 4, radiusKm: 3 });
  const [sender] = four.hotspots as [Member];
  const beacon = beaconOf(four, sender, 3);

  /** From two of the four reveals: that is enough, and another entropy. */
  function second() {
    const reveals = certificateOf(four, 3).reveals.slice(0, 2);
    const content = { round: 3, ruleSetId: four.ruleSet.id, entropy: roundEntropy(four.networkId, 3, reveals) };
    const message = certificateMessage(four.networkId, content);
    const signatures = four.validators.map(({ signer }) => ({
      validator: signer.publicKey,
      signature: signer.sign(message),
    }));
    return { kind: 'round_certificate', ...content, reveals, signatures } as const;
  }

  function outcome(...atMs: number[]): string {
    const [firstMs, secondMs] = atMs as [number, number];
    const others = [0, 1, 2, 4].flatMap((round) => certificates(four, round, round));
    const events = [
      ...beginning(four),
      ...others,
      ...heardByAll(four, beacon),
      recorded(firstMs, certificateOf(four, 3)),
      recorded(secondMs, second()),
    ];
    const logs = four.validators.map((validator) => writeLog(four, events, { validator, lastEpoch: 1 }));
    return outcomeOf(four, runEpochs(four, logs), sender, beacon.reveal);
  }

  it('count if they stand before the earlier mark, and void the round between the same two', () => {
    const dueMs = roundStartMs(four.timing, 3) - 6_000;
    expect(outcome(dueMs - 20_000, dueMs)).toBe('valid');
    // The other one counts, under which this beacon has another secret: its link is good, its frame is not.
    expect(outcome(dueMs, dueMs - 20_000)).toBe('invalid/frame_mismatch');
    expect(outcome(dueMs, dueMs + 1)).toBe('insufficient/round_void');
  });
});
