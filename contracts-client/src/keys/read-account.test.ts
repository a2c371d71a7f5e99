import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keystore } from 'ox';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyError, type KeySource, readAccount } from './read-account.ts';

/** Test vectors of the Web3 Secret Storage Definition (ethereum/wiki); the password of both is `testpassword`. */
const SECRET = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d';
const PBKDF2 = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262_144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
};
const SCRYPT = {
  ...PBKDF2,
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      n: 262_144,
      p: 8,
      r: 1,
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
};

let folder: string;
const file = (name: string): string => join(folder, name);
const withPassword = (password: string): Pick<KeySource, 'readPassword'> => ({
  readPassword: () => Promise.resolve(password),
});

async function faultOf(source: KeySource): Promise<{ code: string; message: string }> {
  const error = await readAccount(source).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof KeyError)) throw new Error(`expected a KeyError, got ${String(error)}`);
  return error;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sextant-keys-'));
  const [key, options] = Keystore.scrypt({ password: 'light', n: 1024 });
  await writeFile(file('light.json'), JSON.stringify(Keystore.encrypt(SECRET, key, options)));
  await writeFile(file('pbkdf2.json'), JSON.stringify(PBKDF2));
  await writeFile(file('scrypt.json'), JSON.stringify(SCRYPT));
  await writeFile(file('text.json'), 'not json');
  await writeFile(file('old.json'), JSON.stringify({ ...PBKDF2, version: 1 }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readAccount', { timeout: 120_000 }, () => {
  it.each(['pbkdf2.json', 'scrypt.json'])('opens the published vector %s', async (name) => {
    const account = await readAccount({ keystoreFile: file(name), ...withPassword('testpassword') });
    expect(account.address).toBe(privateKeyToAccount(SECRET).address);
  });

  it('takes a key from the environment', async () => {
    const account = await readAccount({ privateKey: SECRET, ...withPassword('') });
    expect(account.address).toBe(privateKeyToAccount(SECRET).address);
  });

  it('says why a key cannot be used, and never what it is', async () => {
    const light = file('light.json');
    const cases: readonly (readonly [KeySource, string])[] = [
      [{ ...withPassword('') }, 'none_given'],
      [{ keystoreFile: light, privateKey: SECRET, ...withPassword('light') }, 'two_given'],
      [{ privateKey: SECRET.slice(0, 60), ...withPassword('') }, 'malformed'],
      [{ privateKey: `0x${'0'.repeat(64)}`, ...withPassword('') }, 'malformed'],
      [{ keystoreFile: file('absent.json'), ...withPassword('') }, 'unreadable'],
      [{ keystoreFile: file('text.json'), ...withPassword('') }, 'not_a_keystore'],
      [{ keystoreFile: file('old.json'), ...withPassword('') }, 'not_a_keystore'],
      [{ keystoreFile: light, ...withPassword('hunter2secret') }, 'wrong_password'],
    ];
    for (const [source, code] of cases) {
      const error = await faultOf(source);
      expect(error.code).toBe(code);
      expect(error.message).not.toContain(SECRET.slice(2, 20));
      expect(error.message).not.toContain('hunter2secret');
    }
  });
});
