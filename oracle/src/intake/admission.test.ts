import { expect, it } from 'vitest';
import { CREATED_AHEAD_MAX_MS, findSenderFault, findTimeFault } from './admission.ts';

const key = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const good = {
  finding: 'good',
  name: { incarnation: 1n, sequence: 1 },
  payloadHash: new Uint8Array(32),
  signer: key,
  signerIsHotspot: true,
  createdAtMs: 0,
  reports: 1,
} as const;
const known = (candidate: Uint8Array): boolean => candidate === key || candidate === other;

it('gives one reason, the first in the order of the wire schema', () => {
  expect(findSenderFault(good, known, key)).toBeUndefined();
  expect(findSenderFault({ ...good, finding: 'bad_schema' }, () => false, other)).toBe('bad_schema');
  expect(findSenderFault({ ...good, finding: 'bad_signature' }, () => false, other)).toBe('unknown_key');
  expect(findSenderFault({ ...good, finding: 'bad_signature' }, known, other)).toBe('bad_signature');
  expect(findSenderFault(good, known, other)).toBe('wrong_sender');
  expect(findSenderFault({ ...good, signerIsHotspot: false }, known, key)).toBe('wrong_sender');
});

it('takes what was made from K epochs ago to ten minutes ahead', () => {
  const window = { epochMs: 1_000, lateEpochs: 3 };
  const nowMs = 10_000_000;
  expect(findTimeFault(nowMs + CREATED_AHEAD_MAX_MS, nowMs, window)).toBeUndefined();
  expect(findTimeFault(nowMs + CREATED_AHEAD_MAX_MS + 1, nowMs, window)).toBe('created_in_future');
  expect(findTimeFault(nowMs - 3_000, nowMs, window)).toBeUndefined();
  expect(findTimeFault(nowMs - 3_001, nowMs, window)).toBe('too_old');
});
