import { expect, it } from 'vitest';
import { formatAge, formatCountdown, formatUtc } from './times.ts';

const NOW = Date.UTC(2025, 10, 22, 14, 5);

it.each([
  [1_000, 'just now'],
  [-3_000, 'just now'],
  [12_000, '12 s ago'],
  [180_000, '3 min ago'],
  [5 * 3_600_000, '5 h ago'],
  [50 * 3_600_000, '2 days ago'],
])('says how long ago %i ms is', (ms, text) => {
  expect(formatAge(NOW - ms, NOW)).toBe(text);
});

it.each([
  [-5, '0:00'],
  [6_001, '0:07'],
  [271_000, '4:31'],
  [18_271_000, '5:04:31'],
])('counts down %i ms', (ms, text) => {
  expect(formatCountdown(ms)).toBe(text);
});

it('writes times in UTC', () => {
  expect(formatUtc(NOW)).toBe('22 Nov, 14:05 UTC');
});
