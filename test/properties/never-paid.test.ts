import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  beaconNonce,
  deriveBeaconSecret,
  type Report,
  revealAtMs,
  slotClosesMs,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { live } from '../support/world/live.ts';
import { outcomeOf, paidTo, type Result, verdictsOn } from '../support/world/outcome-of.ts';
import { beaconOf, witnessOf } from '../support/world/radio.ts';
import { seededBytes } from '../support/world/seeded.ts';
import { beginning, certificates, type Event, heardByAll, sent } from '../support/world/timeline.ts';
import { certificateOf, createWorld, type Member } from '../support/world/world.ts';

/** A forger is a known hotspot that hears nothing: all it could be paid for is what it makes up. */
const world = createWorld({ seed: 11, hotspots: 6, radiusKm: 4 });
const [sender, witness, forger] = world.hotspots as [Member, Member, Member];
const beacon = beaconOf(world, sender, 2);
const report = witnessOf(witness, beacon);
if (!report) throw new Error('the sample witness must hear the sample beacon');
const heardAt = report.receivedAtMs + 400;

function withForgery(forgery: Event): Result[] {
  const honest = heardByAll(world, beacon).filter((event) => !('from' in event) || event.from !== forger.signer);
  return live(world, [...beginning(world), ...certificates(world, 0, 4), ...honest, forgery], 1);
}

function expectUnpaid(results: readonly Result[], forged: Report, outcome: string): void {
  expect(outcomeOf(world, results, forger, forged)).toBe(outcome);
  expect(results.map((result) => paidTo(result, forger))).toEqual([0n, 0n]);
  // The honest witness of the same beacon is paid all the same.
  expect(paidTo(results[1] as Result, witness, 'witness')).toBeGreaterThan(0n);
}

describe('a witness report that is never paid', () => {
  it('one copied from another witness, before the mark', () => {
    expectUnpaid(withForgery(sent(forger, heardAt + 100, report)), report, 'invalid/commitment_mismatch');
  });

  it('one copied, envelope and all, by a validator that logs it again', () => {
    const results = withForgery(sent(witness, heardAt + 900, report));
    expect(verdictsOn(world, results, witness, report)).toHaveLength(1);
    expect(paidTo(results[1] as Result, forger)).toBe(0n);
  });

  it('one made from the reveal, when it can be read', () => {
    const made = { ...report, commitment: witnessCommitment(beacon.nonce, forger.key) };
    const late = sent(forger, revealAtMs(world.timing, beacon.slot) + 500, made);
    expectUnpaid(withForgery(late), made, 'insufficient/after_slot_closed');
  });

  it('one made between the slot mark and the reveal, by an accomplice of the sender', () => {
    const made = { ...report, commitment: witnessCommitment(beacon.nonce, forger.key) };
    const late = sent(forger, slotClosesMs(world.timing, beacon.slot) + 1, made);
    expectUnpaid(withForgery(late), made, 'insufficient/after_slot_closed');
  });

  it('one made from public data alone: entropy, keys and anchor, but no link of the chain', () => {
    const secret = deriveBeaconSecret({
      networkId: world.networkId,
      ruleSetId: world.ruleSet.id,
      entropy: certificateOf(world, 2).entropy,
      sender: sender.key,
      roundOrIndex: 2,
      chainLink: sender.chain.anchor,
    });
    const made = {
      ...report,
      beaconTag: secret.slice(0, 4),
      commitment: witnessCommitment(beaconNonce(secret), forger.key),
    };
    expectUnpaid(withForgery(sent(forger, heardAt, made)), made, 'insufficient/no_such_beacon');
    const tagOnly = { ...made, beaconTag: beacon.tag };
    expectUnpaid(withForgery(sent(forger, heardAt, tagOnly)), tagOnly, 'invalid/commitment_mismatch');
  });

  it('one signed by a key nobody invited', () => {
    const stranger: Member = {
      ...forger,
      signer: createSeedSigner(seededBytes('stranger')),
      key: createSeedSigner(seededBytes('stranger')).publicKey,
    };
    const made = { ...report, commitment: witnessCommitment(beacon.nonce, stranger.key) };
    const results = withForgery(sent(stranger, heardAt, made));
    expect(outcomeOf(world, results, stranger, made)).toBe('insufficient/unknown_key');
    expect(results.map((result) => paidTo(result, stranger))).toEqual([0n, 0n]);
  });

  it('one about the own beacon', () => {
    const own = { ...report, commitment: witnessCommitment(beacon.nonce, sender.key) };
    const results = withForgery(sent(sender, heardAt, own));
    expect(outcomeOf(world, results, sender, own)).toBe('insufficient/self_witness');
    expect(paidTo(results[1] as Result, sender, 'witness')).toBe(0n);
  });
});
