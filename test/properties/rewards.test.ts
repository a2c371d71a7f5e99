import { createHash } from 'node:crypto';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import { bytesToHex, roundStartMs, type Successor, slotsPerRound } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { live } from '../support/world/live.ts';
import { naiveRewards } from '../support/world/naive-rewards.ts';
import { outcomeOf, paidTo, type Result } from '../support/world/outcome-of.ts';
import { beaconOf, surveyOf } from '../support/world/radio.ts';
import { seededBytes } from '../support/world/seeded.ts';
import { addressOf, successorOf } from '../support/world/successor.ts';
import { beginning, certificates, heardByAll, honestLife, honestRound, sent } from '../support/world/timeline.ts';
import { assertionOf, createWorld, type Member } from '../support/world/world.ts';

const amountsOf = ({ rewards }: Result): Map<string, bigint> =>
  new Map(rewards.map(({ rewardClass, key, amount }) => [`${rewardClass} ${bytesToHex(key)}`, amount]));

function expectWhole({ summary, rewards, owners }: Result, emission: bigint, before: Result | undefined): void {
  const paid = rewards.reduce((sum, { amount }) => sum + amount, 0n);
  expect(summary.total).toBe(paid);
  expect(summary.total + summary.unminted).toBe(emission);
  expect(owners.reduce((sum, { amount }) => sum + amount, 0n)).toBe(paid);
  const cumulative = (result: Result | undefined) =>
    (result?.owners ?? []).reduce((sum, owner) => sum + owner.cumulative, 0n);
  expect(cumulative({ owners } as Result) - cumulative(before)).toBe(paid);
}

describe('rewards', () => {
  it('are what a slow second computation in fractions finds, and pay the emission to the last unit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 2, max: 9 }),
        (seed, hotspots, radiusKm) => {
          const world = createWorld({ seed, hotspots, surveyDevices: 2, radiusKm });
          const results = live(world, honestLife(world, 3), 3);
          const emission = (200_000n * 10n ** 18n * BigInt(world.timing.epochMs)) / 86_400_000n;
          results.forEach((result, epoch) => expectWhole(result, emission, results[epoch - 1]));
          for (const epoch of [1, 2]) {
            const paid = [...naiveRewards(world, results, epoch)].filter(([, amount]) => amount > 0n);
            expect(amountsOf(results[epoch] as Result)).toEqual(new Map(paid));
          }
        },
      ),
      { numRuns: runs(30), examples: [[61, 18, 3]] },
    );
  });

  it('go to at most 14 witnesses of a beacon', () => {
    const world = createWorld({ seed: 61, hotspots: 22, radiusKm: 3 });
    const results = live(world, honestLife(world, 1), 1);
    const byBeacon = new Map<string, boolean[]>();
    for (const { transmission, selected } of results[1]?.links ?? []) {
      const id = bytesToHex(transmission);
      byBeacon.set(id, [...(byBeacon.get(id) ?? []), selected]);
    }
    const counts = [...byBeacon.values()].map((list) => [list.length, list.filter((selected) => selected).length]);
    expect(counts.some(([all]) => (all ?? 0) > 14)).toBe(true);
    for (const [all, selected] of counts) expect(selected).toBe(Math.min(14, all ?? 0));
  });

  it('are drawn from the revealed links of the round itself where the next round is void', () => {
    const world = createWorld({ seed: 61, hotspots: 18, radiusKm: 3 });
    const withoutRound3 = honestLife(world, 1).filter(
      (event) => !('record' in event && event.record.kind === 'round_certificate' && event.record.round === 3),
    );
    const [, result] = live(world, withoutRound3, 1) as [Result, Result];
    expect(result.summary.rounds[1]).toEqual({ round: 3 });
    // Link r + 1 opens round r; nobody but the hotspots sent anything.
    const links = world.hotspots.map(({ chain }) => Buffer.from(chain.link(3))).sort((a, b) => a.compare(b));
    const seed = createHash('sha256').update(Buffer.concat(links)).digest();
    const rankOf = (transmission: Uint8Array, witness: Uint8Array): string =>
      createHash('sha256')
        .update(`sextant/v1/witness-rank\0${world.networkId}`)
        .update(Buffer.concat([seed, transmission, witness]))
        .digest('hex');
    const ofRound = [...result.links].filter(({ round }) => round === 2);
    const beacons = new Set(ofRound.map(({ transmission }) => bytesToHex(transmission)));
    expect(beacons.size).toBe(18);
    for (const id of beacons) {
      const candidates = ofRound.filter(({ transmission }) => bytesToHex(transmission) === id);
      const ranks = candidates.map(({ transmission, witness }) => rankOf(transmission, witness)).sort();
      for (const { transmission, witness, selected } of candidates) {
        expect(selected).toBe(ranks.indexOf(rankOf(transmission, witness)) < 14);
      }
    }
  });

  it('are nothing for a beacon nobody heard, which harms nobody', () => {
    const world = createWorld({ seed: 62, hotspots: 4, radiusKm: 3 });
    const [lonely] = world.hotspots as [Member];
    const events = honestLife(world, 1).filter((event) => !('from' in event && event.report.kind === 'witness'));
    const results = live(world, events, 1);
    expect(outcomeOf(world, results, lonely, beaconOf(world, lonely, 2).reveal)).toBe('valid');
    expect(results[1]?.rewards.map(({ rewardClass }) => rewardClass)).toEqual(['validator']);
    expect(results[1]?.summary.counts['invalid']).toBe(0);
  });
});

describe('a survey', () => {
  const world = createWorld({ seed: 63, hotspots: 5, surveyDevices: 2, radiusKm: 3 });
  const [device, second] = world.surveyDevices as [Member, Member];
  const turn = (who: Member, index: number, round: number, lat = who.lat) =>
    heardByAll(
      world,
      surveyOf(world, who, { index, slot: round * slotsPerRound(world.timing) + index, lat, lng: who.lng }),
    );

  it('pays nothing without a grant', () => {
    const ungranted = beginning(world).filter((event) => !('record' in event && event.record.kind === 'grant'));
    const results = live(world, [...ungranted, ...certificates(world, 0, 4), ...turn(device, 1, 2)], 1);
    expect(
      outcomeOf(
        world,
        results,
        device,
        surveyOf(world, device, { index: 1, slot: 25, lat: device.lat, lng: device.lng }).reveal,
      ),
    ).toBe('insufficient/no_grant');
    expect(results[1]?.rewards.filter(({ rewardClass }) => rewardClass === 'survey')).toEqual([]);
    expect(results[1]?.coverage).toEqual([]);
  });

  it('pays nothing after the grant has ended', () => {
    const events = [...beginning(world, 1), ...certificates(world, 0, 6), ...turn(device, 1, 2), ...turn(device, 2, 4)];
    const results = live(world, events, 2);
    expect(paidTo(results[1] as Result, device)).toBeGreaterThan(0n);
    expect(paidTo(results[2] as Result, device)).toBe(0n);
    expect(results[2]?.summary.counts['reason.no_grant']).toBe(1);
  });

  it('pays most for a cell that was not covered within a day', () => {
    // The second device finds a new cell in the epoch in which the first one comes to its old one again.
    const events = [...turn(device, 1, 2), ...turn(device, 2, 4), ...turn(second, 3, 4, second.lat + 0.02)];
    const results = live(world, [...beginning(world), ...certificates(world, 0, 6), ...events], 2);
    const shares = (member: Member) =>
      results[2]?.rewards.find(({ key }) => Buffer.from(key).equals(member.key))?.shares;
    expect(shares(second)).toBe(10n * (shares(device) ?? 0n));
    expect(results[2]?.state.freshCells).toHaveLength(2);
  });
});

describe('a move', () => {
  const world = createWorld({ seed: 64, hotspots: 5, radiusKm: 3 });
  const [mover] = world.hotspots as [Member];
  const cellAt = (latitude: number): bigint => BigInt(`0x${latLngToCell(latitude, mover.lng, 9)}`);
  const run = (latitude: number): Result[] => {
    const moved: Member = { ...mover, lat: latitude, cell: cellAt(latitude) };
    const begun = [...beginning(world), ...certificates(world, 0, 8)];
    // The first place comes into force with round 2, the second with round 4.
    const second = sent(mover, roundStartMs(world.timing, 2) + 20_000, assertionOf(moved, { number: 2 }));
    const after = { ...world, hotspots: [moved, ...world.hotspots.slice(1)] };
    const life = [2, 3]
      .flatMap((round) => honestRound(world, round))
      .concat([4, 5, 6, 7].flatMap((round) => honestRound(after, round)));
    return live(world, [...begun, second, ...life], 3);
  };

  it('of less than a kilometre costs nothing', () => {
    const results = run(mover.lat + 0.007);
    expect(results.slice(1).map((result) => paidTo(result, mover) > 0n)).toEqual([true, true, true]);
  });

  it('of more is unpaid from the epoch it takes effect in, though its reports are valid', () => {
    const results = run(mover.lat + 0.012);
    expect(results.slice(1).map((result) => paidTo(result, mover) > 0n)).toEqual([true, false, false]);
    const home = results[3]?.state.participants.find(({ key }) => Buffer.from(key).equals(mover.key))?.home;
    // Seven days of two-minute epochs, from epoch 2.
    expect(home?.paidFromEpoch).toBe(2 + 7 * 720);
    expect(results[3]?.summary.counts['invalid']).toBe(0);
  });
});

describe('a successor', () => {
  const world = createWorld({ seed: 65, hotspots: 5, radiusKm: 3 });
  const secret = seededBytes('owner wallet');
  const old: Member = { ...(world.hotspots[0] as Member), owner: addressOf(secret) };
  const owned = { ...world, hotspots: [old, ...world.hotspots.slice(1)] };
  const heir: Member = {
    ...old,
    signer: createSeedSigner(seededBytes('heir')),
    key: createSeedSigner(seededBytes('heir')).publicKey,
  };

  const handOver = (to: Member, wallet: Uint8Array): Successor => successorOf(world, { from: old, to, wallet });

  function run(...successors: Successor[]): Result[] {
    const begun = [...beginning(owned), ...certificates(world, 0, 8)];
    const handing = successors.map((successor, i) => sent(old, roundStartMs(world.timing, 2) + 10_000 + i, successor));
    const after = { ...owned, hotspots: [heir, ...owned.hotspots.slice(1)] };
    const life = [2, 3]
      .flatMap((round) => honestRound(owned, round))
      .concat([4, 5, 6, 7].flatMap((round) => honestRound(after, round)));
    return live(owned, [...begun, ...handing, ...life], 3);
  }

  it('keeps place and history and is paid to the same owner from two rounds later on', () => {
    const successor = handOver(heir, secret);
    const results = run(successor);
    expect(outcomeOf(world, results, old, successor)).toBe('valid');
    expect(results.slice(1).map((result) => [paidTo(result, old) > 0n, paidTo(result, heir) > 0n])).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
    const owner = (result: Result | undefined) =>
      result?.owners.find((each) => Buffer.from(each.owner).equals(old.owner));
    expect(owner(results[3])?.cumulative).toBe(
      results.slice(1).reduce((sum, result) => sum + paidTo(result, old) + paidTo(result, heir), 0n),
    );
    expect(results[3]?.summary.counts['invalid']).toBe(0);
  });

  it('needs the owner, and one successor only', () => {
    const unsigned = handOver(heir, seededBytes('somebody else'));
    expect(outcomeOf(world, run(unsigned), old, unsigned)).toBe('invalid/owner_signature');
    const second: Member = {
      ...heir,
      signer: createSeedSigner(seededBytes('2')),
      key: createSeedSigner(seededBytes('2')).publicKey,
    };
    const both = [handOver(heir, secret), handOver(second, secret)] as const;
    const results = run(...both);
    for (const each of both) expect(outcomeOf(world, results, old, each)).toBe('invalid/key_not_allowed');
    expect(paidTo(results[2] as Result, heir)).toBe(0n);
  });

  it('cannot be a key that is known', () => {
    const known = handOver(world.hotspots[3] as Member, secret);
    expect(outcomeOf(world, run(known), old, known)).toBe('invalid/key_not_allowed');
  });
});
