import { join } from 'node:path';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { createSystemRandom } from '@sextant/firmware-bridge/random';
import { chainAccountOf } from '../validator/chain-account.ts';
import { openValidatorIdentity } from '../validator/identity.ts';
import type { Settings } from './settings.ts';

/** Prints the entry of `validators` in a deployment's configuration; public keys only. Makes the keys when there are none. */
export async function runKeys(settings: Settings): Promise<void> {
  const identity = await openValidatorIdentity(join(settings.data, 'keys'), createSystemRandom());
  const text = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;
  const entry = {
    account: text(chainAccountOf(identity.chainKey)),
    logKey: text(identity.signer.publicKey),
    mirrorKey: text(identity.mirrorKey),
    chainAnchor: text(identity.chain.anchor),
  };
  console.log(JSON.stringify(entry, undefined, 2));
}
