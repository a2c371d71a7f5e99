import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAIN_LENGTH, chainLink, createHashChain, linkLeadsTo, parseId, verifySignature } from '../protocol/index.ts';
import { createSeededRandom, createSystemRandom } from '../random.ts';
import { chainSeed, loadHashChain } from './chain-cache.ts';
import { createParticipantKeys, readParticipantKeys, WrongKeyError } from './participant-keys.ts';
import { createSecretFile, readSecretFile, SecretFileError } from './secret-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const secret = new Uint8Array(32).map((_, i) => i);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof SecretFileError ? error.code : error),
  );

describe('a secret file', () => {
  it('is written once, with mode 0600 in a folder of mode 0700, and read back', async () => {
    const path = join(folder, 'new', 'hs1.key');
    await createSecretFile(path, secret);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700);
    expect(await readSecretFile(path)).toEqual(secret);
    expect(await codeOf(createSecretFile(path, new Uint8Array(32)))).toBe('exists');
    expect(await readSecretFile(path)).toEqual(secret);
    expect(await readdir(join(folder, 'new'))).toEqual(['hs1.key']);
  });

  it.each([0o640, 0o604, 0o660, 0o601])('of mode %o is refused with the command that mends it', async (mode) => {
    const path = join(folder, "it's a key");
    await createSecretFile(path, secret);
    await chmod(path, mode);
    const error: unknown = await readSecretFile(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'mode_too_wide', path });
    expect(String(error)).toContain(`chmod 600 '${folder}/it'\\''s a key'`);
  });

  it.each([
    ['empty', ''],
    ['short', 'ab'.repeat(31)],
    ['long', 'ab'.repeat(33)],
    ['not hex', 'zz'.repeat(32)],
    ['huge', 'ab'.repeat(32).padEnd(100_000)],
  ])('that is %s is refused without telling its content', async (_name, content) => {
    const path = join(folder, 'key');
    await writeFile(path, content, { mode: 0o600 });
    const error: unknown = await readSecretFile(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'malformed' });
    if (content.length > 10) expect(String(error)).not.toContain(content.slice(0, 10));
  });

  it('that is missing, or a folder, is refused', async () => {
    expect(await codeOf(readSecretFile(join(folder, 'none')))).toBe('missing');
  });
});

describe('the keys of a participant', () => {
  it('sign, have an id of their kind, and are the same after reading', async () => {
    const keys = await createParticipantKeys(folder, 'hotspot', createSystemRandom());
    expect(parseId(keys.id)).toEqual({ kind: 'hotspot', publicKey: keys.signer.publicKey });
    const again = await readParticipantKeys(folder, 'hotspot', keys.id);
    expect(verifySignature(again.signer.sign(secret), secret, keys.signer.publicKey)).toBe(true);
    expect(again.name).toMatch(/^[a-z]+-[a-z]+-[a-z]+$/);
  });

  it('are refused under another name', async () => {
    const a = await createParticipantKeys(folder, 'hotspot', createSeededRandom('a'));
    const b = await createParticipantKeys(folder, 'hotspot', createSeededRandom('b'));
    await writeFile(join(folder, `${b.id}.key`), await readFile(join(folder, `${a.id}.key`)));
    await expect(readParticipantKeys(folder, 'hotspot', b.id)).rejects.toThrow(WrongKeyError);
  });

  it('from one seed are one participant', async () => {
    const a = await createParticipantKeys(join(folder, 'a'), 'survey_device', createSeededRandom('s'));
    const b = await createParticipantKeys(join(folder, 'b'), 'survey_device', createSeededRandom('s'));
    expect(a.id).toBe(b.id);
    expect((await a.chain(2)).anchor).toEqual((await b.chain(2)).anchor);
    expect((await a.chain(1)).anchor).not.toEqual((await a.chain(2)).anchor);
  });
});

describe('a cached hash chain', () => {
  const seed = chainSeed(secret, 1);

  it('is the chain itself, from the cache too, and the cache is private', async () => {
    const path = join(folder, 'cache');
    const computed = await loadHashChain(path, seed);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const cached = await loadHashChain(path, seed);
    expect(cached).toEqual(computed);
    expect(cached).toEqual(createHashChain(seed));
    for (const index of [1, 255, 256, 257, CHAIN_LENGTH]) {
      expect(linkLeadsTo(chainLink(cached, index), index, cached.anchor)).toBe(true);
    }
  });

  it('is computed again when the file is damaged, cut or of another seed', async () => {
    const path = join(folder, 'cache');
    const chain = await loadHashChain(path, seed);
    const good = await readFile(path);
    const flipped = Buffer.from(good);
    flipped[5_000] = (flipped[5_000] ?? 0) ^ 1;
    for (const bytes of [flipped, good.subarray(0, 4_000), Buffer.alloc(0)]) {
      await writeFile(path, bytes);
      expect(await loadHashChain(path, seed)).toEqual(chain);
    }
    expect((await loadHashChain(path, chainSeed(secret, 2))).anchor).not.toEqual(chain.anchor);
  });
});
