import { createHash, createHmac, randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { nativeSha256 } from '../crypto/native-sha256.ts';
import { CHAIN_LINK_BYTES, createHashChain, type HashChain } from '../protocol/index.ts';

/**
 * The seed of a participant's n-th hash chain (from 1), from its one chain secret. So one small file is all there is to
 * back up, and a restored backup makes the very same chains again.
 */
export function chainSeed(secret: Uint8Array, generation: number): Uint8Array {
  return new Uint8Array(createHmac('sha256', secret).update(`sextant/chain/${generation}`).digest());
}

const DIGEST_BYTES = 32;

/**
 * A chain from its cache file, computed (65,536 hashes, about 0.1 s) and cached when the file is missing, damaged or of
 * another seed. The cache holds links that are still secret: mode 0600. A cache that cannot be written is no fault.
 */
export async function loadHashChain(cachePath: string, seed: Uint8Array): Promise<HashChain> {
  const cached = parseCache(await readFile(cachePath).catch(() => Buffer.alloc(0)), seed);
  if (cached) return cached;
  const chain = createHashChain(seed, nativeSha256);
  await writeCache(cachePath, chain, seed).catch(() => undefined);
  return chain;
}

/** Binds the content to its seed, so that neither damage nor a mix-up goes unseen. */
function digestOf(content: Uint8Array, seed: Uint8Array): Buffer {
  return createHash('sha256').update(seed).update(content).digest();
}

function parseCache(bytes: Buffer, seed: Uint8Array): HashChain | undefined {
  const content = bytes.subarray(DIGEST_BYTES);
  if (content.length === 0 || !digestOf(content, seed).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
  const links: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += CHAIN_LINK_BYTES) {
    links.push(new Uint8Array(content.subarray(at, at + CHAIN_LINK_BYTES)));
  }
  const [anchor, ...pebbles] = links;
  return anchor && { anchor, pebbles };
}

async function writeCache(path: string, chain: HashChain, seed: Uint8Array): Promise<void> {
  const content = Buffer.concat([chain.anchor, ...chain.pebbles]);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(Buffer.concat([digestOf(content, seed), content]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
