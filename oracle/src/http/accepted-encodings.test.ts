import { expect, test } from 'vitest';
import { acceptsEncoding } from './accepted-encodings.ts';

test.each([
  ['gzip, deflate, br', true],
  ['*', true],
  ['identity, *;q=0.5', true],
  ['GZIP', true],
  ['gzip;q=0', false],
  ['gzip;q=0.000, *', false],
  ['*;q=0', false],
  ['gzip;q=0.001', true],
  ['x-gzip', false],
  ['', false],
  [undefined, false],
])('%s', (header, accepted) => {
  const headers = header === undefined ? {} : { 'accept-encoding': header };
  expect(acceptsEncoding({ headers }, 'gzip')).toBe(accepted);
});
