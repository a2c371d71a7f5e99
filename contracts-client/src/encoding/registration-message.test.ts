import { bytesToHex, concat, numberToHex, pad, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { registrationMessage } from './registration-message.ts';

describe('registration message', () => {
  it('binds the key to one owner in one registry on one chain', () => {
    const registry = new Uint8Array(20).fill(0x11);
    const hotspotKey = new Uint8Array(32).fill(0x22);
    const owner = new Uint8Array(20).fill(0x33);
    const message = registrationMessage({ chainId: 31_337, registry, hotspotKey, owner });
    expect(bytesToHex(message)).toBe(
      concat([
        toHex('sextant/v1/registration'),
        '0x00',
        numberToHex(31_337, { size: 32 }),
        pad(bytesToHex(registry)),
        bytesToHex(hotspotKey),
        pad(bytesToHex(owner)),
      ]),
    );
  });
});
