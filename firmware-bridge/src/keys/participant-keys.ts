import { join } from 'node:path';
import { createSeedSigner, type Signer } from '../crypto/native-ed25519.ts';
import { formatId, type HashChain, nameOfKey, type ParticipantKind } from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import { chainSeed, loadHashChain } from './chain-cache.ts';
import { createSecretFile, readSecretFile, SECRET_BYTES } from './secret-file.ts';

/** The secrets of one hotspot or survey device, and what follows from them. */
export interface ParticipantKeys {
  /** `hs1…` or `sv1…`. */
  readonly id: string;
  /** Three words for people. */
  readonly name: string;
  readonly signer: Signer;
  /** The n-th hash chain, from 1. */
  chain(generation: number): Promise<HashChain>;
}

const keyPath = (folder: string, id: string): string => join(folder, `${id}.key`);
const chainPath = (folder: string, id: string): string => join(folder, `${id}.chain`);

/**
 * Makes the key and the chain secret of a new participant: two files in `folder`, named after the id, each written at
 * once and never overwritten. With a seeded source the keys are the same every time: for replays only.
 */
export async function createParticipantKeys(
  folder: string,
  kind: ParticipantKind,
  random: RandomSource,
): Promise<ParticipantKeys> {
  const seed = random.bytes(SECRET_BYTES);
  const id = formatId(kind, createSeedSigner(seed).publicKey);
  await createSecretFile(chainPath(folder, id), random.bytes(SECRET_BYTES));
  await createSecretFile(keyPath(folder, id), seed);
  return readParticipantKeys(folder, kind, id);
}

/** Throws SecretFileError when a file is missing, readable by others or damaged, or holds another key than its name says. */
export async function readParticipantKeys(folder: string, kind: ParticipantKind, id: string): Promise<ParticipantKeys> {
  const signer = createSeedSigner(await readSecretFile(keyPath(folder, id)));
  if (formatId(kind, signer.publicKey) !== id) {
    throw new WrongKeyError(
      `${keyPath(folder, id)} holds the key of ${formatId(kind, signer.publicKey)}, not of ${id}.`,
    );
  }
  const secret = await readSecretFile(chainPath(folder, id));
  const chains = new Map<number, Promise<HashChain>>();
  return {
    id,
    name: nameOfKey(signer.publicKey),
    signer,
    chain(generation) {
      const known = chains.get(generation);
      if (known) return known;
      const chain = loadHashChain(join(folder, `${id}.chain-${generation}.cache`), chainSeed(secret, generation));
      chains.set(generation, chain);
      return chain;
    },
  };
}

/** A key file holds another key than its name says. */
export class WrongKeyError extends Error {
  override readonly name = 'WrongKeyError';
}
