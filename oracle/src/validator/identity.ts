import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import {
  createSecretFile,
  loadHashChain,
  readSecretFile,
  SECRET_BYTES,
  SecretFileError,
} from '@sextant/firmware-bridge/keys';
import { createSeedSigner, type Signer } from '@sextant/firmware-bridge/native-ed25519';
import { formatId, type HashChain } from '@sextant/firmware-bridge/protocol';
import type { RandomSource } from '@sextant/firmware-bridge/random';

/** The secrets of a validator, and what follows from them. */
export interface ValidatorIdentity {
  /** `val1…` */
  readonly id: string;
  /** The log key: signs checkpoints, records, certificates, refusals and announcements. */
  readonly signer: Signer;
  /** Its committed randomness. */
  readonly chain: HashChain;
  /** What invitation codes are made with. */
  readonly invitationSecret: Uint8Array;
}

const LOG_KEY = 'validator.key';
const ENTROPY_KEY = 'entropy.key';

/**
 * Reads the validator's two secret files (mode 0600), or makes them in an empty folder. One present without the other is
 * an error: a validator that made up the missing one would contradict its own log.
 */
export async function openValidatorIdentity(folder: string, random: RandomSource): Promise<ValidatorIdentity> {
  const seed = await readOrCreate(join(folder, LOG_KEY), random);
  const entropySeed = await readOrCreate(join(folder, ENTROPY_KEY), random);
  const signer = createSeedSigner(seed);
  return {
    id: formatId('validator', signer.publicKey),
    signer,
    chain: await loadHashChain(join(folder, 'entropy.cache'), entropySeed),
    invitationSecret: createHmac('sha256', seed).update('sextant/invitation').digest(),
  };
}

async function readOrCreate(path: string, random: RandomSource): Promise<Uint8Array> {
  try {
    return await readSecretFile(path);
  } catch (error) {
    if (!(error instanceof SecretFileError) || error.code !== 'missing') throw error;
    await createSecretFile(path, random.bytes(SECRET_BYTES));
    return readSecretFile(path);
  }
}
