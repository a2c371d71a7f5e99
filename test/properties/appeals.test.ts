import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import {
  type Appeal,
  appealDigest,
  chainlessDomain,
  type Ddbm,
  roundStartMs,
  roundsPerEpoch,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { outcomeOf, type Result } from '../support/world/outcome-of.ts';
import { readingOf, registered, transferred } from '../support/world/registry.ts';
import { createSeeded } from '../support/world/seeded.ts';
import { type Event, honestLife, recorded, sent } from '../support/world/timeline.ts';
import { createWorld, type Member } from '../support/world/world.ts';

const CODE = 'levels_not_reciprocal';
const LAST_EPOCH = 6;
const town = { seed: 3_003, hotspots: 14, surveyDevices: 0, radiusKm: 4, ruleSet: 2, anchors: 6, shadowDb: 7 };
const secret = new Uint8Array(32).fill(9);
const addressOf = (wallet: Uint8Array): Uint8Array =>
  keccak_256(secp256k1.getPublicKey(wallet, false).subarray(1)).slice(12);
const owner = addressOf(secret);

const plain = createWorld(town);
const loud: Member = { ...(plain.hotspots[13] as Member), owner };
const world = { ...plain, hotspots: [...plain.hotspots.slice(0, 13), loud] };

/** One hotspot tells 25 dB more than it measures, in both of its figures. */
const life = honestLife(world, LAST_EPOCH).map((event): Event => {
  if (!('report' in event) || event.from !== loud.signer || event.report.kind !== 'witness') return event;
  const { rssiChannelDdbm, rssiSignalDdbm } = event.report;
  const louder = (power: Ddbm | undefined) => (power === undefined ? undefined : ((power + 250) as Ddbm));
  const [channel, signal] = [louder(rssiChannelDdbm), louder(rssiSignalDdbm)];
  const report = {
    ...event.report,
    ...(channel === undefined ? {} : { rssiChannelDdbm: channel }),
    ...(signal === undefined ? {} : { rssiSignalDdbm: signal }),
  };
  return { ...event, report };
});
const inEpoch = (epoch: number): number => roundStartMs(world.timing, epoch * roundsPerEpoch(world.timing)) + 9_000;

function appealOf(epoch: number, wallet = secret, statementHash?: Uint8Array): Appeal {
  const hash = statementHash ? { statementHash } : {};
  const statement = { networkId: world.networkId, key: loud.key, accusation: CODE, epoch, ...hash } as const;
  const digest = appealDigest(statement, chainlessDomain(world.networkId));
  const recovered = secp256k1.sign(digest, wallet, { prehash: false, format: 'recovered', lowS: true });
  const ownerSignature = Uint8Array.of(...recovered.subarray(1), 27 + (recovered[0] ?? 0));
  return { kind: 'appeal', accusation: CODE, epoch, ownerSignature, ...hash };
}

const review = (epoch: number, ruling: 'upheld' | 'dismissed', appealEpoch = 4): Event =>
  recorded(inEpoch(epoch), { kind: 'review', key: loud.key, accusation: CODE, appealEpoch, ruling });

const standingOf = (results: readonly Result[], epoch: number) =>
  results[epoch]?.state.places.find(({ key }) => Buffer.from(key).equals(loud.key))?.standing;
const accusationOf = (results: readonly Result[], epoch: number) =>
  standingOf(results, epoch)?.accusations.find(({ code }) => code === CODE);

describe('an accusation', () => {
  const results = live(world, life, 4);

  it('grows out of three suspicions, and falls on nobody else', () => {
    expect([1, 2, 3].map((epoch) => accusationOf(results, epoch)?.epochs)).toEqual([1, 2, 3]);
    const others = results[3]?.state.places.filter(({ key }) => !Buffer.from(key).equals(loud.key)) ?? [];
    expect(others.flatMap(({ standing }) => standing.accusations)).toEqual([]);
    const verdict = results[3]?.locations.find(({ key }) => Buffer.from(key).equals(loud.key));
    expect([verdict?.outcome, verdict?.reason]).toEqual(['invalid', CODE]);
    expect(verdict?.checks.map(({ check }) => check)).toContain('loss_out_less_in');
  });
});

describe('an appeal of its owner', () => {
  const appeal = appealOf(3);
  const appealed = [...life, sent(loud, inEpoch(4), appeal)];

  it('counts, waits for reviews, and ends it when validators dismiss it', () => {
    const results = live(world, [...appealed, review(5, 'dismissed')], LAST_EPOCH);
    expect(outcomeOf(world, results, loud, appeal)).toBe('valid');
    expect(accusationOf(results, 4)?.appeal).toEqual({ epoch: 4, reviews: [] });
    expect(accusationOf(results, 5)?.appeal?.ruling).toEqual({ ruling: 'dismissed', epoch: 5 });
    expect(accusationOf(results, 6)?.epochs).toBe(accusationOf(results, 4)?.epochs);
    const reasons = [4, 6].map(
      (epoch) => results[epoch]?.locations.find(({ key }) => Buffer.from(key).equals(loud.key))?.reason,
    );
    expect(reasons[0]).toBe(CODE);
    expect(reasons[1]).not.toBe(CODE);
  });

  it('changes nothing when it is upheld, or nobody says anything', () => {
    for (const reviews of [[review(5, 'upheld')], [], [review(5, 'dismissed', 3)]]) {
      const results = live(world, [...appealed, ...reviews], LAST_EPOCH);
      const verdict = results[6]?.locations.find(({ key }) => Buffer.from(key).equals(loud.key));
      expect(verdict?.reason).toBe(CODE);
    }
  });

  it('is refused from another wallet, against what does not stand, and a second time', () => {
    const stranger = appealOf(3, new Uint8Array(32).fill(8));
    const early = appealOf(2);
    const again = { ...appeal, statementHash: new Uint8Array(32) };
    const events = [
      ...life,
      sent(loud, inEpoch(3), early),
      sent(loud, inEpoch(4), stranger),
      sent(loud, inEpoch(5), appeal),
      sent(loud, inEpoch(6), again),
    ];
    const results = live(world, events, LAST_EPOCH);
    const outcomes = [early, stranger, appeal, again].map((one) => outcomeOf(world, results, loud, one));
    expect(outcomes).toEqual([
      'insufficient/no_such_accusation',
      'invalid/owner_signature',
      'valid',
      'insufficient/appeal_open',
    ]);
  });

  it('has the same effect in whatever order and batches it comes', () => {
    const events = [...appealed, review(5, 'dismissed'), review(5, 'upheld')];
    const [plainly, ...others] = [undefined, 1, 2].map((seed) => {
      const disorder = seed === undefined ? undefined : { random: createSeeded(seed), maxBatch: 7, repeats: 1 };
      return live(world, events, LAST_EPOCH, disorder).map(({ summary }) => summary.roots);
    });
    for (const other of others) expect(other).toEqual(plainly);
  });
});

describe('an appeal against what stands against a hotspot that was sold', () => {
  const buying = new Uint8Array(32).fill(7);
  const sold = [[registered(loud, owner)], [], [], [], [transferred(loud, owner, addressOf(buying))], []];
  const chain = sold.flatMap((bodies, epoch) => readingOf(world, epoch, bodies));
  const statementHash = new Uint8Array(32);
  const ofBuyer = appealOf(3, buying);
  const judged = (appeals: readonly (readonly [number, Appeal])[]): string[] => {
    const events = appeals.map(([epoch, appeal]) => sent(loud, inEpoch(epoch), appeal));
    const results = live(world, [...life, ...chain, ...events], 5);
    return appeals.map(([, appeal]) => outcomeOf(world, results, loud, appeal));
  };

  it('is the seller’s to the end of the epoch of the sale', () => {
    const appeals = [ofBuyer, appealOf(3)].map((appeal) => [4, appeal] as const);
    expect(judged(appeals)).toEqual(['invalid/owner_signature', 'valid']);
  });

  it('is the buyer’s from then on', () => {
    expect(
      judged([
        [4, ofBuyer],
        [5, appealOf(3)],
        [5, appealOf(3, buying, statementHash)],
      ]),
    ).toEqual(['invalid/owner_signature', 'invalid/owner_signature', 'valid']);
  });
});

describe('rule set 1', () => {
  it('knows no appeals: a batch with one is no batch, and a review no record', () => {
    const old = createWorld({ ...town, ruleSet: 1, hotspots: 5, anchors: 0 });
    const [first] = old.hotspots as [Member];
    const events = honestLife(old, 2);
    const more = [...events, sent(first, roundStartMs(old.timing, 4) + 100, appealOf(3)), review(2, 'upheld')];
    const roots = (from: readonly Event[]) => live(old, from, 2).map(({ summary }) => summary.roots.rewards);
    expect(roots(more)).toEqual(roots(events));
    const reports = live(old, more, 2).flatMap(({ verdicts }) => [...verdicts]);
    expect(reports.map(({ reason }) => reason)).not.toContain('no_such_accusation');
  });
});
