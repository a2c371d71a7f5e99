import { expect, it } from 'vitest';
import { parseGatewayEui } from './gateway-eui.ts';

it('reads an EUI as people and configuration files write it', () => {
  for (const text of ['AA555A0000000001', 'aa555a0000000001', 'aa-55-5A-00-00-00-00-01', 'AA:55:5a:00:00:00:00:01']) {
    expect(parseGatewayEui(text)).toBe('aa555a0000000001');
  }
});

it('refuses everything that is not 64 bits of hex', () => {
  for (const text of [
    '',
    'aa555a000000000',
    'aa555a00000000011',
    'ga555a0000000001',
    `${'a'.repeat(16)}\n`,
    '-'.repeat(40),
  ]) {
    expect(parseGatewayEui(text), text).toBeUndefined();
  }
});
