import { metres, roundStartMs } from '@sextant/firmware-bridge/protocol';
import { decodeState, encodeState } from '@sextant/oracle/core';
import fc from 'fast-check';
import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { live } from '../support/world/live.ts';
import { paidTo, type Result } from '../support/world/outcome-of.ts';
import { createSeeded } from '../support/world/seeded.ts';
import { type Event, honestLife, sent } from '../support/world/timeline.ts';
import { assertionOf, createWorld, type Member } from '../support/world/world.ts';

const LAST_EPOCH = 4;
const town = { seed: 2_024, hotspots: 9, surveyDevices: 1, radiusKm: 4, ruleSet: 2, anchors: 4, shadowDb: 7 };
const world = createWorld(town);
const life = honestLife(world, LAST_EPOCH);
const results = live(world, life, LAST_EPOCH);
const at = (from: readonly Result[], epoch: number): Result => from[epoch] as Result;

const isOf =
  (member: Member) =>
  ({ key }: { readonly key: Uint8Array }): boolean =>
    Buffer.from(key).equals(member.key);
const reasonOf = (result: Result, member: Member) => result.locations.find(isOf(member))?.reason;
const placeOf = (result: Result, member: Member) => result.state.places.find(isOf(member));
const cellAway = ({ lat, lng }: Member, km: number): bigint => BigInt(`0x${latLngToCell(lat + km / 111.2, lng, 9)}`);

/** A state as it is kept: its bytes, and its parts by their digests. */
function written(state: Result['state']) {
  const { bytes, parts, root } = encodeState(state);
  const find = (digest: Uint8Array) => parts.find((part) => Buffer.from(part.digest).equals(digest))?.bytes;
  return { bytes, find, root };
}

/** The same life, but one hotspot says from a round on that it is somewhere else. */
function movedLife(member: Member, km: number, round: number): Event[] {
  const atMs = roundStartMs(world.timing, round) + 9_000;
  return [...life, sent(member, atMs, assertionOf(member, { number: 2, cell: cellAway(member, km) }))];
}

describe('the places of an honest town', () => {
  it('stand as soon as four trusted witnesses have spoken, and are paid at once', () => {
    for (const epoch of [1, 2, 3, 4]) {
      const { locations, summary } = at(results, epoch);
      expect(locations.map(({ reason }) => reason)).toEqual(locations.map(() => 'none'));
      expect([summary.counts['places'], summary.counts['provenPlaces']]).toEqual([9, 9]);
      for (const hotspot of world.hotspots) expect(paidTo(at(results, epoch), hotspot, 'witness')).toBeGreaterThan(0n);
    }
    expect(results.flatMap(({ rewards }) => rewards).some(({ held }) => held)).toBe(false);
  });

  it('stand when a new part of the window begins, which is judged alone as well', () => {
    const long = live(world, honestLife(world, 8), 8);
    expect([6, 7, 8].map((epoch) => at(long, epoch).state.window.length)).toEqual([1, 2, 2]);
    for (const epoch of [7, 8]) {
      expect(at(long, epoch).locations.map(({ reason }) => reason)).toEqual(world.hotspots.map(() => 'none'));
    }
  });

  it('are the same in whatever order and batches reports come', () => {
    for (const seed of [1, 2]) {
      const disorder = { random: createSeeded(seed), maxBatch: 9, repeats: 1 };
      const shuffled = live(world, life, LAST_EPOCH, disorder);
      expect(shuffled.map(({ summary }) => summary.roots)).toEqual(results.map(({ summary }) => summary.roots));
      expect(shuffled.map(({ locations }) => locations)).toEqual(results.map(({ locations }) => locations));
    }
  });

  it('are in the state, which is the same after it was written and read', () => {
    const { state } = at(results, LAST_EPOCH);
    const { bytes, find, root } = written(state);
    expect(decodeState(bytes, find)).toEqual({ ok: true, state, root });
    expect(state.window.flatMap(({ links }) => links).length).toBeGreaterThan(50);
    const broken = decodeState(bytes, (digest) => find(digest)?.map((byte, i) => (i === 20 ? byte ^ 1 : byte)));
    expect(broken.ok).toBe(false);
  });

  it('are proven to nobody without anchors', () => {
    const unknown = createWorld({ ...town, anchors: 0, surveyDevices: 0 });
    const after = live(unknown, honestLife(unknown, 2), 2);
    expect(new Set(at(after, 2).locations.map(({ reason }) => reason))).toEqual(new Set(['untrusted']));
    expect(at(after, 2).rewards.filter(({ rewardClass }) => rewardClass !== 'validator')).toEqual([]);
  });
});

describe('pay under rule set 2', () => {
  it('never falls with honest work', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.integer({ min: 1, max: 99 }), fc.nat(), (who, percent, seed) => {
        const lazy = world.hotspots[who] as Member;
        const random = createSeeded(seed);
        const less = life.filter(
          (event) =>
            !('report' in event) ||
            event.from !== lazy.signer ||
            event.report.kind !== 'witness' ||
            100 * random.next() >= percent,
        );
        const after = live(world, less, 2);
        for (const epoch of [1, 2]) {
          expect(paidTo(at(after, epoch), lazy, 'witness')).toBeLessThanOrEqual(
            paidTo(at(results, epoch), lazy, 'witness'),
          );
        }
      }),
      { numRuns: runs(40) },
    );
  });
});

describe('a claim 25 km off', () => {
  const liar = world.hotspots[6] as Member;
  const lying = createWorld(town);
  const events = life.map((event): Event => {
    if (!('report' in event) || event.from !== liar.signer || event.report.kind !== 'location_assertion') return event;
    return { ...event, report: assertionOf(liar, { cell: cellAway(liar, 25) }) };
  });
  const after = live(lying, events, 3);

  it('is in doubt from the first epoch, and earns nothing', () => {
    for (const epoch of [1, 2, 3]) {
      expect(reasonOf(at(after, epoch), liar)).toBe('location_doubted');
      expect(paidTo(at(after, epoch), liar)).toBe(0n);
    }
    expect(placeOf(at(after, 3), liar)?.standing.doubt).toMatchObject({ epochs: 1, ofProven: false });
    const { state } = at(after, 3);
    const { bytes, find, root } = written(state);
    expect(decodeState(bytes, find)).toEqual({ ok: true, state, root });
  });

  it('covers nothing and takes no place from its witnesses', () => {
    const { links, coverage } = at(after, 2);
    expect([...links].some(({ sender, witness }) => [sender, witness].some((key) => isOf(liar)({ key })))).toBe(false);
    expect(coverage.some(({ cell }) => cell === cellAway(liar, 25))).toBe(false);
  });

  it('harms none of the others', () => {
    for (const honest of world.hotspots.filter((hotspot) => hotspot !== liar)) {
      expect(reasonOf(at(after, 3), honest)).toBe('none');
    }
  });
});

describe('a hotspot that moves', () => {
  const mover = world.hotspots[3] as Member;
  const after = live(world, movedLife(mover, 2, 3), LAST_EPOCH);

  it('starts a new history, keeps its trust, and is unpaid for a week', () => {
    expect(placeOf(at(after, 1), mover)?.place?.fromEpoch).toBe(1);
    expect(placeOf(at(after, 2), mover)?.place).toEqual({ cell: cellAway(mover, 2), fromEpoch: 2 });
    expect(placeOf(at(after, 2), mover)?.standing.moves?.map(({ epoch }) => epoch)).toEqual([2]);
    expect(placeOf(at(after, 2), mover)?.standing.trust).toBeGreaterThan(0);
    expect([1, 2, 3].map((epoch) => paidTo(at(after, epoch), mover) > 0n)).toEqual([true, false, false]);
    const { window } = at(after, 4).state;
    const sentBy = (member: Member): number =>
      window.reduce((sum, { keys, activity }) => {
        return sum + (activity[keys.findIndex((key) => isOf(member)({ key }))]?.transmissions ?? 0);
      }, 0);
    // What it sent in the rounds before the move is no part of the new history.
    expect(sentBy(mover)).toBeGreaterThan(0);
    expect(sentBy(mover)).toBe(sentBy(world.hotspots[4] as Member) - 3);
    const links = window.flatMap(({ keys, links: all }) =>
      all.filter(({ sender }) => isOf(mover)({ key: keys[sender] as Uint8Array })),
    );
    expect(new Set(links.map(({ senderCell }) => senderCell))).toEqual(new Set([cellAway(mover, 2)]));
  });

  it('leaves its old coverage with the date it had, and takes up new', () => {
    const dateOf = (epoch: number, cell: bigint) =>
      at(after, epoch).state.freshCells.find((fresh) => fresh.cell === cell)?.lastEpoch;
    expect([1, 2, 4].map((epoch) => dateOf(epoch, mover.cell))).toEqual([1, 2, 2]);
    expect(dateOf(1, cellAway(mover, 2))).toBeUndefined();
  });

  it('may correct its antenna and stay', () => {
    const atMs = roundStartMs(world.timing, 3) + 9_000;
    const corrected = assertionOf(mover, { number: 2, antennaAglM: metres(25) });
    const stayed = live(world, [...life, sent(mover, atMs, corrected)], 3);
    expect(placeOf(at(stayed, 3), mover)?.place?.fromEpoch).toBe(1);
  });
});

describe('what is earned before a place is proven', () => {
  const few = createWorld({ ...town, seed: 2_030, hotspots: 4, anchors: 2, radiusKm: 2 });
  const [device] = few.surveyDevices;
  const from = roundStartMs(few.timing, 6);
  const isSurvey = (event: Event): boolean =>
    'report' in event && (event.from === device?.signer || event.report.kind === 'witness') && event.atMs < from;
  /** The survey device drives from epoch 3 on. */
  const later = honestLife(few, LAST_EPOCH).filter(
    (event) =>
      !(isSurvey(event) && 'report' in event && event.from === device?.signer && event.report.kind === 'survey'),
  );
  const after = live(few, later, LAST_EPOCH);
  const [, , newcomer] = few.hotspots as [Member, Member, Member, Member];

  it('is half, held, and paid with the first proof', () => {
    expect([1, 2].map((epoch) => reasonOf(at(after, epoch), newcomer))).toEqual([
      'too_few_witnesses',
      'too_few_witnesses',
    ]);
    const held = [1, 2].flatMap((epoch) => at(after, epoch).rewards.filter(isOf(newcomer)));
    expect(held.length).toBeGreaterThan(0);
    expect(held.every((line) => line.held)).toBe(true);
    const sum = held.reduce((total, { amount }) => total + amount, 0n);
    expect(placeOf(at(after, 2), newcomer)?.standing.grace).toEqual({ epochs: 2, held: sum, over: false });
    const ownerAt = (epoch: number) =>
      at(after, epoch).owners.find(({ owner }) => Buffer.from(owner).equals(newcomer.owner));
    expect(ownerAt(2)).toBeUndefined();

    const proven = [3, 4].find((epoch) => reasonOf(at(after, epoch), newcomer) === 'none') as number;
    const release = at(after, proven).releases.find(isOf(newcomer));
    expect(release?.amount).toBeGreaterThan(0n);
    expect(ownerAt(proven)?.amount).toBe((release?.amount ?? 0n) + paidTo(at(after, proven), newcomer));
    expect(placeOf(at(after, proven), newcomer)?.standing.grace.over).toBe(true);
  });

  it('is never more than the emission, with what is held', () => {
    const sumOf = (items: readonly { amount: bigint }[]) => items.reduce((total, { amount }) => total + amount, 0n);
    const emission = (200_000n * 10n ** 18n * BigInt(few.timing.epochMs)) / 86_400_000n;
    for (const { summary, rewards, releases, owners } of after) {
      expect(sumOf(rewards) + sumOf(releases)).toBe(summary.total);
      expect(summary.total + summary.unminted).toBe(emission);
      expect(sumOf(owners)).toBe(summary.total - sumOf(rewards.filter(({ held }) => held)));
    }
  });
});
