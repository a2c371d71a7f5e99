import { decodeReportBatch } from '@sextant/firmware-bridge/protocol';
import { expect, it } from 'vitest';
import { runHostileBytes } from './hostile-bytes.ts';

it('meets hostile bytes with typed refusals only (1 % of `npm run fuzz:protocol`)', () => {
  expect(runHostileBytes(10_000).inputs).toBe(10_000);
}, 60_000);

it('bounds the memory one hostile payload can take', () => {
  // 64 KiB of empty reports: the densest way to make objects out of bytes.
  const bomb = new Uint8Array(65_534).map((_, i) => (i % 2 === 0 ? 0x2a : 0x00));
  const before = process.memoryUsage().heapUsed;
  expect(decodeReportBatch(bomb)).toMatchObject({ ok: false, reason: 'wrong_count' });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 2 ** 20);
});
