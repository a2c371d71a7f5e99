import type { UnixMs } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInvitationCodes } from './invitation-codes.ts';

const secret = new Uint8Array(32).fill(5);
const codes = createInvitationCodes('test-net', secret);
const at = (minutes: number) => (minutes * 60_000) as UnixMs;
const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6);

describe('an invitation code', () => {
  const code = codes.create({ participant: 'survey_device', expiresAtMs: at(1_000) }, nonce);

  it('says what it is for until it expires', () => {
    expect(codes.verify(code, at(999))).toEqual({
      ok: true,
      claims: { participant: 'survey_device', expiresAtMs: at(1_000) },
    });
    expect(codes.verify(code, at(1_000))).toEqual({ ok: false, reason: 'expired' });
  });

  it('forgives how people type', () => {
    const typed = ` ${code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')} `;
    expect(codes.verify(typed, at(1)).ok).toBe(true);
  });

  it('is worth nothing to another validator or network', () => {
    expect(createInvitationCodes('test-net', new Uint8Array(32)).verify(code, at(1))).toEqual({
      ok: false,
      reason: 'not_ours',
    });
    expect(createInvitationCodes('other-net', secret).verify(code, at(1))).toEqual({ ok: false, reason: 'not_ours' });
  });

  it('cannot be changed in any letter', () => {
    fc.assert(
      fc.property(fc.nat(code.length - 1), fc.constantFrom('0', '2', '9', 'a', 'k', 'z'), (i, letter) => {
        fc.pre(code[i] !== '-' && code[i] !== letter);
        expect(codes.verify(code.slice(0, i) + letter + code.slice(i + 1), at(1)).ok).toBe(false);
      }),
    );
  });

  it('refuses noise', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => codes.verify(text, at(1)).ok === false));
  });
});
