import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from './bytes.ts';
import { publicKeyOf, signMessage, verifySignature } from './ed25519.ts';
import type { RoundCertificate } from './records.ts';
import { encodeRoundAnnouncement, openRoundAnnouncement, type RoundAnnouncement } from './round-announcement.ts';
import { unixMs } from './units.ts';

const seed = new Uint8Array(32).fill(3);
const signer = { publicKey: publicKeyOf(seed), sign: (message: Uint8Array) => signMessage(message, seed) };
const expected = { networkId: 'test', validators: [signer.publicKey] };

const certificate = (round: number): RoundCertificate => ({
  kind: 'round_certificate',
  round,
  ruleSetId: new Uint8Array(32).fill(1),
  reveals: [{ validator: signer.publicKey, chainLink: new Uint8Array(32).fill(2) }],
  entropy: new Uint8Array(32).fill(4),
  signatures: [{ validator: signer.publicKey, signature: new Uint8Array(64).fill(5) }],
});

const announcement: RoundAnnouncement = {
  certificates: [certificate(7), certificate(8)],
  ruleSet: 1,
  ruleSetId: new Uint8Array(32).fill(1),
  serverTimeMs: unixMs(1_700_000_123_456),
  timing: {
    genesisMs: unixMs(1_700_000_000_000),
    slotMs: 5_000,
    roundMs: 60_000,
    epochMs: 300_000,
    clockMarginMs: 3_000,
    epochGraceMs: 8_000,
  },
};
const bytes = encodeRoundAnnouncement('test', announcement, signer);

const reasonOf = (message: Uint8Array, want = expected) => {
  const opened = openRoundAnnouncement(message, want, verifySignature);
  return opened.ok ? 'ok' : opened.reason;
};

describe('a round announcement', () => {
  it('comes back as it was sent', () => {
    expect(openRoundAnnouncement(bytes, expected, verifySignature)).toEqual({
      ok: true,
      announcement,
      validator: signer.publicKey,
    });
  });

  it('is believed only from a validator of this network', () => {
    expect(reasonOf(bytes, { ...expected, validators: [publicKeyOf(new Uint8Array(32))] })).toBe('unknown_validator');
    expect(reasonOf(bytes, { ...expected, networkId: 'other' })).toBe('bad_signature');
    const forger = { ...signer, sign: (message: Uint8Array) => signMessage(message, new Uint8Array(32)) };
    expect(reasonOf(encodeRoundAnnouncement('test', announcement, forger))).toBe('bad_signature');
  });

  it('has ascending certificates and few of them', () => {
    const withRounds = (...rounds: number[]) =>
      encodeRoundAnnouncement('test', { ...announcement, certificates: rounds.map(certificate) }, signer);
    expect(reasonOf(withRounds())).toBe('ok');
    expect(reasonOf(withRounds(1, 2, 5, 9))).toBe('ok');
    expect(reasonOf(withRounds(2, 1))).toBe('not_decodable');
    expect(reasonOf(withRounds(2, 2))).toBe('not_decodable');
    expect(reasonOf(withRounds(1, 2, 3, 4, 5))).toBe('not_decodable');
  });

  it('says the same or is refused, never thrown at, when a byte is flipped, cut or added', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const flipped = bytes.map((byte, i) => (i === at ? byte ^ flip : byte));
        const opened = openRoundAnnouncement(flipped, expected, verifySignature);
        expect(opened.ok ? opened.announcement : announcement).toEqual(announcement);
        expect(reasonOf(bytes.subarray(0, at))).not.toBe('ok');
      }),
    );
    expect(reasonOf(concatBytes(bytes, new Uint8Array(70_000)))).toBe('not_decodable');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(reasonOf(noise)).not.toBe('ok');
      }),
    );
  });
});
