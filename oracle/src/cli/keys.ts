import { join } from 'node:path';
import { createSystemRandom } from '@sextant/firmware-bridge/random';
import { openValidatorIdentity } from '../validator/identity.ts';
import { registryEntryOf } from '../validator/registry-entry.ts';
import type { Settings } from './settings.ts';

/** Prints the entry of `validators` in a deployment's configuration. Makes the keys when there are none. */
export async function runKeys(settings: Settings): Promise<void> {
  const identity = await openValidatorIdentity(join(settings.data, 'keys'), createSystemRandom());
  console.log(JSON.stringify(registryEntryOf(identity), undefined, 2));
}
