import { createManualClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { expect, test } from 'vitest';
import { memo } from './memo.ts';

test('asks once in its time, and again after a failure', async () => {
  const clock = createManualClock(unixMs(1_000));
  let asked = 0;
  let failing = false;
  const count = memo(100, clock, async () => {
    asked += 1;
    if (failing) throw new Error('no');
    return asked;
  });
  expect(await Promise.all([count(), count()])).toEqual([1, 1]);
  await clock.advanceTo(unixMs(1_099));
  expect(await count()).toBe(1);
  await clock.advanceTo(unixMs(1_100));
  expect(await count()).toBe(2);
  await clock.advanceTo(unixMs(1_200));
  failing = true;
  await expect(count()).rejects.toThrow('no');
  failing = false;
  expect(await count()).toBe(4);
});
