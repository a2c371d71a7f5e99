import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import { bytesToHex, roundStartMs } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { outcomeOf, paidTo, type Result } from '../support/world/outcome-of.ts';
import { frozen, readingOf, registered, released, transferred } from '../support/world/registry.ts';
import { seededBytes } from '../support/world/seeded.ts';
import { addressOf, successorOf } from '../support/world/successor.ts';
import { beginning, certificates, honestRound, sent } from '../support/world/timeline.ts';
import { createWorld, type Member } from '../support/world/world.ts';

/** A registered hotspot hands over to another key in epoch 1; the new key is the hotspot from epoch 2 on. */
const world = createWorld({ seed: 4_005, hotspots: 6, radiusKm: 4, ruleSet: 2, anchors: 6, shadowDb: 7 });
const [sellersWallet, buyersWallet] = [seededBytes('seller'), seededBytes('buyer')];
const [seller, buyer] = [addressOf(sellersWallet), addressOf(buyersWallet)];
const old: Member = { ...(world.hotspots[0] as Member), owner: seller };
const signer = createSeedSigner(seededBytes('heir'));
const heir: Member = { ...old, signer, key: signer.publicKey };
const owned = { ...world, hotspots: [old, ...world.hotspots.slice(1)] };
const after = { ...world, hotspots: [heir, ...world.hotspots.slice(1)] };
const LAST_EPOCH = 3;

function run(chain: readonly Parameters<typeof readingOf>[2][], wallet: Uint8Array) {
  const successor = successorOf(world, { from: old, to: heir, wallet });
  const events = [
    ...beginning(owned),
    ...certificates(world, 0, 8),
    ...[2, 3].flatMap((round) => honestRound(owned, round)),
    sent(old, roundStartMs(world.timing, 2) + 10_000, successor),
    ...[4, 5, 6, 7].flatMap((round) => honestRound(after, round)),
    ...chain.flatMap((bodies, epoch) => readingOf(world, epoch, bodies)),
  ];
  const results = live(owned, events, LAST_EPOCH);
  return { results, outcome: outcomeOf(owned, results, old, successor) };
}

const paid = (results: readonly Result[], owner: Uint8Array): readonly boolean[] =>
  results.map(({ owners }) => (owners.find((one) => Buffer.from(one.owner).equals(owner))?.amount ?? 0n) > 0n);
const earns = (results: readonly Result[], member: Member): readonly boolean[] =>
  results.map((result) => paidTo(result, member) > 0n);
const register = registered(old, seller);

describe('a succession of a registered hotspot', () => {
  it('takes the registration along: a transfer or freeze of the registered key is the new key’s', () => {
    const chain = [[register], [], [transferred(old, seller, buyer)], [frozen(old, buyer)]];
    const { results, outcome } = run(chain, sellersWallet);
    expect(outcome).toBe('valid');
    expect(earns(results, heir)).toEqual([false, false, true, false]);
    expect(paid(results, seller)).toEqual([false, true, false, false]);
    expect(paid(results, buyer)).toEqual([false, false, true, false]);
    expect(results[3]?.state.registry.holdings).toEqual([{ key: heir.key, registeredKey: old.key, frozen: true }]);
  });

  it('follows the new key’s registration once its owner has made one; the old one may be released', () => {
    const chain = [[register], [], [registered(heir, seller)], [released(old, seller), frozen(old, seller)]];
    const { results } = run(chain, sellersWallet);
    expect(paid(results, seller)).toEqual([false, true, true, true]);
    expect(results[3]?.state.registry.holdings).toEqual([{ key: heir.key, registeredKey: heir.key, frozen: false }]);
  });

  it('is signed by who owns it at the reference block', () => {
    const sold = [[register], [transferred(old, seller, buyer)]];
    expect(run(sold, sellersWallet).outcome).toBe('invalid/owner_signature');
    const { results, outcome } = run(sold, buyersWallet);
    expect(outcome).toBe('valid');
    expect(paid(results, buyer)).toEqual([false, true, true, true]);
  });

  it('does not let the old key be registered again', () => {
    const chain = [[], [], [register], [transferred(old, seller, buyer)]];
    const { results } = run(chain, sellersWallet);
    expect(results[3]?.state.registry.holdings).toEqual([]);
    const owners = results[3]?.state.participants.filter(({ owner }) => Buffer.from(owner).equals(seller));
    expect(owners?.map(({ key }) => bytesToHex(key)).sort()).toEqual(
      [old, heir].map(({ key }) => bytesToHex(key)).sort(),
    );
  });
});

describe('a succession of a hotspot that only its deposit makes known', () => {
  it('ends with the deposit', () => {
    const uninvited = beginning(owned).filter(
      (event) => !('record' in event && event.record.kind === 'invitation' && event.record.key === old.key),
    );
    const successor = successorOf(world, { from: old, to: heir, wallet: sellersWallet });
    const events = [
      ...uninvited,
      ...certificates(world, 0, 8),
      ...[2, 3].flatMap((round) => honestRound(owned, round)),
      sent(old, roundStartMs(world.timing, 2) + 10_000, successor),
      ...[4, 5, 6, 7].flatMap((round) => honestRound(after, round)),
      ...[[register], [], [released(old, seller)], []].flatMap((bodies, epoch) => readingOf(world, epoch, bodies)),
    ];
    const results = live(owned, events, LAST_EPOCH);
    expect(outcomeOf(owned, results, old, successor)).toBe('valid');
    expect(paid(results, seller)).toEqual([false, true, false, false]);
    expect(results[2]?.summary.counts['reason.unknown_key']).toBeUndefined();
    expect(results[3]?.summary.counts['reason.unknown_key']).toBeGreaterThan(0);
    const known = results[3]?.state.participants.map(({ key }) => bytesToHex(key));
    expect([known?.includes(bytesToHex(old.key)), known?.includes(bytesToHex(heir.key))]).toEqual([true, false]);
  });
});
