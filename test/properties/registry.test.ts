import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { decodeState, encodeState } from '@sextant/oracle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { live } from '../support/world/live.ts';
import { paidTo, type Result } from '../support/world/outcome-of.ts';
import {
  frozen,
  paysTo,
  type ReadingOptions,
  readingOf,
  registered,
  released,
  transferred,
  WORLD_CHAIN,
} from '../support/world/registry.ts';
import { runEpochs } from '../support/world/run-epochs.ts';
import { createSeeded, seededBytes } from '../support/world/seeded.ts';
import { type Event, honestLife } from '../support/world/timeline.ts';
import { createWorld, type Member, type World } from '../support/world/world.ts';
import { writeLog } from '../support/world/write-log.ts';

const town = { seed: 4_004, hotspots: 6, surveyDevices: 0, radiusKm: 4, ruleSet: 2, anchors: 6, shadowDb: 7 };
const world = createWorld(town);
const [hotspot, other] = world.hotspots as [Member, Member];
const LAST_EPOCH = 3;
const life = honestLife(world, LAST_EPOCH);
const address = (name: string): Uint8Array => seededBytes('address', name).slice(0, 20);
const [buyer, thief, purse] = [address('buyer'), address('thief'), address('purse')];

type Bodies = Parameters<typeof readingOf>[2];
type Chain = readonly Bodies[];

/** What each epoch's blocks hold, as the only validator reads it. */
const readings = (chain: Chain, options: ReadingOptions = {}): Event[] =>
  chain.flatMap((bodies, epoch) => readingOf(world, epoch, bodies, { earlier: chain.slice(0, epoch), ...options }));

const run = (chain: Chain, events: readonly Event[] = life): Result[] =>
  live(world, [...events, ...readings(chain)], LAST_EPOCH);

const paidAddress = (result: Result | undefined, owner: Uint8Array): bigint =>
  result?.owners.find((each) => Buffer.from(each.owner).equals(owner))?.amount ?? 0n;
const earned = (result: Result | undefined, member: Member): bigint => (result ? paidTo(result, member) : 0n);
const ownerIn = (result: Result | undefined, { key }: Member): string | undefined => {
  const found = result?.state.participants.find((each) => Buffer.from(each.key).equals(key));
  return found && bytesToHex(found.owner);
};

/** Epoch by epoch: what an address is paid, next to what a hotspot earned. */
function expectPaid(results: readonly Result[], member: Member, owners: readonly (Uint8Array | undefined)[]): void {
  for (const [epoch, owner] of owners.entries()) {
    const all = [member.owner, buyer, thief, purse];
    const expected = all.map((each) => (each === owner ? earned(results[epoch], member) : 0n));
    expect(
      all.map((each) => paidAddress(results[epoch], each)),
      `epoch ${epoch}`,
    ).toEqual(expected);
    if (owner) expect(earned(results[epoch], member)).toBeGreaterThan(0n);
  }
}

describe('a hotspot that its owner registers', () => {
  it('is his as before, and whose it is after a transfer is paid from that epoch on', () => {
    const results = run([[registered(hotspot, hotspot.owner)], [], [transferred(hotspot, hotspot.owner, buyer)]]);
    expectPaid(results, hotspot, [undefined, hotspot.owner, buyer, buyer]);
    const line = results[2]?.rewards.find(({ key }) => Buffer.from(key).equals(hotspot.key));
    expect(bytesToHex(line?.paidTo ?? new Uint8Array())).toBe(bytesToHex(buyer));
    expect(results.map((result) => ownerIn(result, hotspot))).toEqual(
      [hotspot.owner, hotspot.owner, buyer, buyer].map(bytesToHex),
    );
  });

  it('earns nothing while it is frozen, and nobody else may freeze or move it', () => {
    const results = run([
      [registered(hotspot, hotspot.owner)],
      [frozen(hotspot, thief), transferred(hotspot, thief, purse), released(hotspot, thief)],
      [frozen(hotspot, hotspot.owner)],
      [frozen(hotspot, hotspot.owner, false)],
    ]);
    expectPaid(results, hotspot, [undefined, hotspot.owner, undefined, hotspot.owner]);
    expect(earned(results[2], hotspot)).toBe(0n);
    expect(results[2]?.summary.counts['invalid']).toBe(0);
  });

  it('belongs to the last owner when the deposit has left, who alone may register it again', () => {
    const results = run([
      [registered(hotspot, hotspot.owner), transferred(hotspot, hotspot.owner, buyer)],
      [released(hotspot, buyer)],
      [registered(hotspot, hotspot.owner), transferred(hotspot, hotspot.owner, thief)],
      [registered(hotspot, buyer), transferred(hotspot, buyer, purse)],
    ]);
    expectPaid(results, hotspot, [undefined, buyer, buyer, purse]);
  });
});

describe('whoever has stolen a hotspot', () => {
  it('cannot register it for himself: an invitation has made it somebody’s', () => {
    const results = run([[registered(hotspot, thief), transferred(hotspot, thief, purse)]]);
    expectPaid(results, hotspot, [undefined, hotspot.owner, hotspot.owner, hotspot.owner]);
    expect(results[0]?.state.registry.holdings).toEqual([]);
  });

  it('changes nothing by registering it after its owner', () => {
    const chain = [[registered(hotspot, hotspot.owner)], [registered(hotspot, thief), frozen(hotspot, thief)]];
    expectPaid(run(chain), hotspot, [undefined, hotspot.owner, hotspot.owner, hotspot.owner]);
  });

  it('gains nothing by a proof that is another key’s, another owner’s or another registry’s', () => {
    const proof = registered(hotspot, hotspot.owner);
    const bad = [registered(hotspot, hotspot.owner, other.signer), { ...proof, owner: thief }];
    expect(run([bad])[0]?.state.registry.holdings).toEqual([]);
    const elsewhere = { ...WORLD_CHAIN, chainId: WORLD_CHAIN.chainId + 1 };
    const results = live(world, [...life, ...readings([[proof]], { chain: elsewhere })], 0);
    expect(results[0]?.state.registry.reference).toMatchObject(elsewhere);
    expect(results[0]?.state.registry.holdings).toEqual([]);
  });
});

describe('a key that nothing but its deposit makes known', () => {
  const uninvited = life.filter(
    (event) => !('record' in event && event.record.kind === 'invitation' && event.record.key === hotspot.key),
  );

  it('takes part from the epoch of its registration on', () => {
    const results = run([[registered(hotspot, buyer)]], uninvited);
    expectPaid(results, hotspot, [undefined, buyer, buyer, buyer]);
    expect(results[1]?.summary.counts['reason.unknown_key']).toBeUndefined();
  });

  it('is unknown without one, or with a bad proof', () => {
    for (const chain of [[], [[registered(hotspot, buyer, other.signer)]]]) {
      const results = run(chain, uninvited);
      expectPaid(results, hotspot, [undefined, undefined, undefined, undefined]);
      expect(results[1]?.summary.counts['reason.unknown_key']).toBeGreaterThan(0);
    }
  });

  it('is unpaid in the epoch in which the deposit leaves, unknown in the next, and then free for anybody it agrees to', () => {
    const chain = [[registered(hotspot, buyer)], [released(hotspot, buyer)], [], [registered(hotspot, purse)]];
    const results = run(chain, uninvited);
    expectPaid(results, hotspot, [undefined, undefined, undefined, undefined]);
    expect(results[1]?.summary.counts['reason.unknown_key']).toBeUndefined();
    expect(ownerIn(results[1], hotspot)).toBeUndefined();
    expect(results[2]?.summary.counts['reason.unknown_key']).toBeGreaterThan(0);
    expect(ownerIn(results[3], hotspot)).toBe(bytesToHex(purse));
  });
});

describe('a payout', () => {
  it('gets what the owner earns from that epoch on, until it is taken back', () => {
    const zero = new Uint8Array(20);
    const results = run([
      [paysTo(hotspot.owner, purse), paysTo(purse, thief)],
      [],
      [paysTo(hotspot.owner, zero)],
      [paysTo(hotspot.owner, buyer), paysTo(hotspot.owner, purse)],
    ]);
    expectPaid(results, hotspot, [undefined, purse, hotspot.owner, purse]);
  });

  it('of the validator’s owner counts too', () => {
    const owner = world.validators[0]?.owner ?? new Uint8Array();
    const results = run([[], [paysTo(owner, purse)]]);
    expect([paidAddress(results[0], owner) > 0n, paidAddress(results[1], owner)]).toEqual([true, 0n]);
    expect(paidAddress(results[1], purse)).toBeGreaterThan(0n);
  });

  it('named by many who own nothing does not make the state grow for ever', () => {
    const strangers = Array.from({ length: 60 }, (_, i) => paysTo(address(`stranger ${i}`), purse));
    const ruleSet = { ...world.ruleSet, registry: { idlePayouts: 10 } };
    const small = { ...world, ruleSet } as World;
    const results = live(small, [...life, ...readings([[paysTo(hotspot.owner, purse), ...strangers]])], 0);
    const kept = results[0]?.state.registry.payouts.map(({ owner }) => bytesToHex(owner)) ?? [];
    const newest = strangers.slice(-10).map((body) => bytesToHex('owner' in body ? body.owner : new Uint8Array()));
    expect(kept.sort()).toEqual([bytesToHex(hotspot.owner), ...newest].sort());
  });
});

const owners = [hotspot.owner, other.owner, buyer, thief];
const anyOwner = fc.constantFrom(...owners);
const anyHotspot = fc.constantFrom(hotspot, other);
const body = fc.oneof(
  fc.record({ who: anyHotspot, owner: anyOwner, by: anyHotspot }).map(({ who, owner, by }) => {
    return registered(who, owner, by.signer);
  }),
  fc.record({ who: anyHotspot, from: anyOwner, to: anyOwner }).map(({ who, from, to }) => transferred(who, from, to)),
  fc.record({ who: anyHotspot, owner: anyOwner, on: fc.boolean() }).map(({ who, owner, on }) => frozen(who, owner, on)),
  fc.record({ who: anyHotspot, owner: anyOwner }).map(({ who, owner }) => released(who, owner)),
  fc.record({ owner: anyOwner, payout: anyOwner }).map(({ owner, payout }) => paysTo(owner, payout)),
);
const anyChain = fc.array(fc.array(body, { maxLength: 12 }), { minLength: 3, maxLength: 3 });

/** Everything of a summary but the cut, which names the log's envelopes. */
const meaningOf = ({ summary }: Result) => ({ ...summary, cut: [], previous: '' });

describe('what a registry says', () => {
  it('is the same in whatever parts, copies, overlaps and order the records come', () => {
    fc.assert(
      fc.property(anyChain, fc.nat(), fc.integer({ min: 1, max: 5 }), fc.nat(80), (chain, seed, parts, overlap) => {
        const orderly = live(world, [...life, ...readings(chain)], 2);
        const records = [...readings(chain, { parts, overlap }), ...readings(chain, { parts })];
        const disorder = { random: createSeeded(seed), maxBatch: 9, repeats: 1 };
        const results = live(world, [...life, ...records, ...records], 2, disorder);
        expect(results.map(meaningOf)).toEqual(orderly.map(meaningOf));
      }),
      { numRuns: runs(60) },
    );
  });

  it('pays all and nothing twice, and the state comes back from its bytes', () => {
    fc.assert(
      fc.property(anyChain, (chain) => {
        for (const { summary, rewards, releases, owners: paid, state } of live(
          world,
          [...life, ...readings(chain)],
          2,
        )) {
          const sums = [...rewards.filter(({ held }) => !held), ...releases].reduce((sum, one) => sum + one.amount, 0n);
          expect(paid.reduce((sum, { amount }) => sum + amount, 0n)).toBe(sums);
          expect(state.registry.reference?.block).toBe(100 * (summary.epoch + 1));
          expect(summary.registry?.block).toBe(100 * (summary.epoch + 1));
          const { bytes, parts, root } = encodeState(state);
          const byDigest = new Map(parts.map((part) => [bytesToHex(part.digest), part.bytes]));
          const decoded = decodeState(bytes, (digest) => byDigest.get(bytesToHex(digest)));
          expect(decoded).toEqual({ ok: true, state, root });
        }
      }),
      { numRuns: runs(60) },
    );
  });

  it('is nothing while a part is missing, where blocks are missing, or two parts contradict each other', () => {
    const chain = [[registered(hotspot, hotspot.owner), frozen(hotspot, hotspot.owner)]];
    const torn = readings(chain, { parts: 2 }).slice(0, 1);
    expect(live(world, [...life, ...torn], 0)[0]?.state.registry.reference).toBeUndefined();
    const gap = [...readingOf(world, 0, []), ...readingOf(world, 2, [registered(hotspot, hotspot.owner)])];
    expect(live(world, [...life, ...gap], 2)[2]?.state.registry).toMatchObject({
      reference: { block: 100 },
      holdings: [],
    });
    const both = [...readings(chain), ...readings([[registered(hotspot, hotspot.owner)]])];
    expect(live(world, [...life, ...both], 0)[0]?.state.registry.reference).toBeUndefined();
  });

  it('of another contract than the first one is not heard', () => {
    const foreign = readings([[], [registered(hotspot, hotspot.owner)]], {
      chain: { ...WORLD_CHAIN, registry: address('another') },
    }).slice(1);
    const results = live(world, [...life, ...readings([[]]), ...foreign], 1);
    expect(results[1]?.state.registry).toMatchObject({ reference: { block: 100 }, holdings: [] });
  });

  it('is unknown to rule set 1', () => {
    const old = createWorld({ ...town, ruleSet: 1 });
    const events = honestLife(old, 1);
    const chain = [registered(hotspot, hotspot.owner), transferred(hotspot, hotspot.owner, buyer)];
    const results = live(old, [...events, ...readingOf(old, 0, chain)], 1);
    expect(results.map(meaningOf)).toEqual(live(old, events, 1).map(meaningOf));
  });
});

describe('four validators', () => {
  const four = createWorld({ ...town, validators: 4 });
  const events = honestLife(four, 1);
  const honest = readingOf(four, 0, [registered(hotspot, hotspot.owner)]);
  const lie = readingOf(four, 0, [registered(hotspot, hotspot.owner), transferred(hotspot, hotspot.owner, thief)]);

  const heldAfter = (said: readonly (readonly Event[])[]): readonly [number | undefined, string | undefined] => {
    const logs = four.validators.map((validator, i) =>
      writeLog(four, [...events, ...(said[i] ?? [])], { validator, lastEpoch: 0 }),
    );
    const [result] = runEpochs(four, logs);
    return [result?.state.registry.reference?.block, ownerIn(result, hotspot)];
  };

  it('have to agree, three of them', () => {
    const his = bytesToHex(hotspot.owner);
    expect(heldAfter([honest, honest, [], honest])).toEqual([100, his]);
    expect(heldAfter([honest, honest, [], lie])).toEqual([undefined, his]);
    expect(heldAfter([honest, lie, honest, honest])).toEqual([100, his]);
  });

  it('count as far as three have read, if one has read farther', () => {
    const farther = [...honest, ...readingOf(four, 1, [transferred(hotspot, hotspot.owner, buyer)])];
    expect(
      heldAfter(
        [farther, honest, honest, []].map((all) => all.map((event) => ({ ...event, atMs: honest[0]?.atMs ?? 0 }))),
      ),
    ).toEqual([100, bytesToHex(hotspot.owner)]);
  });
});
