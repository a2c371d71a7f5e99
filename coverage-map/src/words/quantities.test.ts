import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, formatDdbm, formatMargin, formatMetres, formatQuantity, formatTokens } from './quantities.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('levels and distances', () => {
  it.each([
    [-1043, '−104.3 dBm'],
    [0, '0.0 dBm'],
    [140, '14.0 dBm'],
  ])('writes %i tenths of dBm as %s', (tenths, text) => {
    expect(plain(formatDdbm(tenths))).toBe(text);
  });

  it.each([
    [0, '0 m'],
    [812, '812 m'],
    [12_440, '12.4 km'],
    [109_000, '109 km'],
    [-288, '−288 m'],
  ])('writes %i metres as %s', (metres, text) => {
    expect(plain(formatMetres(metres))).toBe(text);
  });

  it.each([
    [868_100_000, 'Hz', '868.100 MHz'],
    [4200, 'Hz', '4.2 kHz'],
    [1820, 'ms', '1.8 s'],
    [25, 'tenths', '2.5'],
    [83, 'dm/s', '8.3 m/s'],
    [1234, 'slot', '1,234'],
  ] as const)('writes %i in %s as %s', (value, unit, text) => {
    expect(plain(formatQuantity(value, unit))).toBe(text);
  });

  it('writes a margin with its sign, and that of two levels in dB', () => {
    expect(plain(formatMargin(-163, 'ddBm'))).toBe('−16.3 dB');
    expect(plain(formatMargin(34_600, 'm'))).toBe('+34.6 km');
    expect(formatMargin(0, 'ddBm')).toBe('0');
  });
});

describe('tokens', () => {
  it.each([
    ['0', '0'],
    ['1', '< 0.0001'],
    ['99999999999999', '< 0.0001'],
    ['100000000000000', '0.0001'],
    ['1250000000000000000', '1.25'],
    ['1999999999999999999', '1.9999'],
    ['123456789123456789123456', '123,456.78'],
    ['694444444444444444444', '694.4444'],
  ])('writes %s base units as %s', (amount, text) => {
    expect(formatTokens(amount)).toBe(text);
  });

  it('never shows more than there is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 14n, max: 10n ** 30n }), (amount) => {
        const [whole = '', part = ''] = formatTokens(String(amount)).replaceAll(',', '').split('.');
        expect(BigInt(whole + part.padEnd(18, '0'))).toBeLessThanOrEqual(amount);
      }),
    );
  });
});

it('puts a noun in the plural', () => {
  expect([counted(1, 'link'), counted(2, 'link'), counted(0, 'hex', 'hexes')]).toEqual([
    '1 link',
    '2 links',
    '0 hexes',
  ]);
});
