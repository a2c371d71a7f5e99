import { expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

it('knows the addresses that never leave this machine', () => {
  for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1']) {
    expect(isLoopback(address), address).toBe(true);
  }
  for (const address of [
    '0.0.0.0',
    '::',
    '192.168.1.5',
    '::ffff:10.0.0.1',
    'localhost',
    '',
    '127.0.0.1.evil.example',
  ]) {
    expect(isLoopback(address), address).toBe(false);
  }
});
