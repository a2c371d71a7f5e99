import { createManualClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { expect, test } from 'vitest';
import { AddressLimit } from './address-limit.ts';
import { ApiProblem } from './api-problem.ts';

const refusal = (limit: AddressLimit, address: string): ApiProblem | undefined => {
  try {
    limit.take(address);
    return undefined;
  } catch (error) {
    if (error instanceof ApiProblem) return error;
    throw error;
  }
};

test('each address has its own tokens, and is told how long to wait', async () => {
  const clock = createManualClock(unixMs(1_000_000));
  const limit = new AddressLimit({ perMinute: 6, burst: 2 }, { clock });
  expect([refusal(limit, 'a'), refusal(limit, 'a')]).toEqual([undefined, undefined]);
  expect(refusal(limit, 'a')).toMatchObject({ code: 'too_many_requests', retryAfterS: 10 });
  expect(refusal(limit, 'b')).toBeUndefined();
  await clock.advanceTo(unixMs(1_010_000));
  expect(refusal(limit, 'a')).toBeUndefined();
  expect(refusal(limit, 'a')?.code).toBe('too_many_requests');
});

test('many addresses do not take memory without end', () => {
  const clock = createManualClock(unixMs(0));
  const limit = new AddressLimit({ perMinute: 1, burst: 1 }, { clock });
  for (let i = 0; i < 30_000; i++) limit.take(String(i));
  // The newest are remembered, the oldest are not.
  expect(refusal(limit, '29999')?.code).toBe('too_many_requests');
  expect(refusal(limit, '0')).toBeUndefined();
});
