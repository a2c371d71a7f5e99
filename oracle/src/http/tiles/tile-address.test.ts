import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseTileAddress } from './tile-address.ts';

it('reads the addresses of tiles that exist', () => {
  expect(parseTileAddress('0', '0', '0')).toEqual({ z: 0, x: 0, y: 0 });
  expect(parseTileAddress(12, 4095, 4095)).toEqual({ z: 12, x: 4095, y: 4095 });
});

it.each([
  ['13', '0', '0'],
  ['0', '1', '0'],
  ['3', '0', '8'],
  ['-1', '0', '0'],
  ['1', '-0', '0'],
  ['01', '0', '0'],
  ['1.0', '0', '0'],
  ['1e0', '0', '0'],
  ['', '0', '0'],
  [' 1', '0', '0'],
  ['2', '0x1', '0'],
  ['2', '1', '99999999999999999999'],
])('refuses %s/%s/%s', (z, x, y) => {
  expect(parseTileAddress(z, x, y)).toBeUndefined();
});

it('answers anything at all with a tile that exists, or with nothing', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (z, x, y) => {
      const address = parseTileAddress(z, x, y);
      if (address !== undefined) expect(address.x < 2 ** address.z && address.y < 2 ** address.z).toBe(true);
    }),
  );
});
