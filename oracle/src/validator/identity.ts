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
  /** Private key of its account on a chain (secp256k1), 32 bytes: signs epochs and pays for gas. */
  readonly chainKey: Uint8Array;
  /** Public key its mirror statements are checked with, 32 bytes: a key of its own, as the registry asks for. */
  readonly mirrorKey: Uint8Array;
}

const LOG_KEY = 'validator.key';
const ENTROPY_KEY = 'entropy.key';
const CHAIN_KEY = 'chain.key';
const MIRROR_KEY = 'mirror.key';

/** Reads the validator's secret files (mode 0600), or makes those that are not there yet. */
export async function openValidatorIdentity(folder: string, random: RandomSource): Promise<ValidatorIdentity> {
  const seed = await readOrCreate(join(folder, LOG_KEY), random);
  const entropySeed = await readOrCreate(join(folder, ENTROPY_KEY), random);
  const signer = createSeedSigner(seed);
  const chainKey = await readOrCreate(join(folder, CHAIN_KEY), random.fork(CHAIN_KEY));
  const mirrorSeed = await readOrCreate(join(folder, MIRROR_KEY), random.fork(MIRROR_KEY));
  return {
    id: formatId('validator', signer.publicKey),
    signer,
    chain: await loadHashChain(join(folder, 'entropy.cache'), entropySeed),
    invitationSecret: createHmac('sha256', seed).update('sextant/invitation').digest(),
    chainKey,
    mirrorKey: createSeedSigner(mirrorSeed).publicKey,
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
