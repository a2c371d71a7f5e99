import { ContractRefusedError } from '@sextant/contracts-client/browser';
import { expect, it } from 'vitest';
import { claimWords, errorWords } from './claims.ts';

const TO = `0x${'1'.repeat(40)}` as const;

it('does not take a no for an error', () => {
  expect(errorWords({ code: 4001, message: 'x' })).toMatchObject({ isTrouble: false });
  expect(errorWords({ code: 4902, message: 'x' }).text).toContain('from a source you trust');
});

it('says what a contract said, with its name where it has no words', () => {
  const refused = (code: string): string => errorWords(new ContractRefusedError('claim', TO, code, [7n, 'x'])).text;
  expect(refused('BadProof')).toContain('Look again');
  expect(refused('Strange')).toBe('The contract refuses the claim: Strange (7, x). Nothing was sent.');
});

it.each([undefined, null, 'boom', 7, {}, { message: 'm'.repeat(5_000) }, new Error('boom')])(
  'finds words for anything a wallet throws: %s',
  (error) => {
    const { text, isTrouble } = errorWords(error);
    expect(isTrouble).toBe(true);
    expect(text.length).toBeLessThan(260);
  },
);

it('has different words for every place a claim can be at', () => {
  const hash = '0'.repeat(64);
  const all = [
    claimWords({ kind: 'confirming' }),
    claimWords({ kind: 'sent', hash, known: true }),
    claimWords({ kind: 'sent', hash, known: false }),
    claimWords({ kind: 'included', hash, block: 3, confirmations: 1 }),
    claimWords({ kind: 'final', hash, block: 3 }),
    claimWords({ kind: 'failed', hash, block: 3 }),
    claimWords({ kind: 'replaced', hash }),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(all[3]).toContain('1 confirmation;');
});
