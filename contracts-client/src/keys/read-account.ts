import { readFile, stat } from 'node:fs/promises';
import { Keystore } from 'ox';
import type { Hex } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';

/** Why a key cannot be used; closed. */
export const KEY_FAULTS = [
  'none_given',
  'two_given',
  'unreadable',
  'not_a_keystore',
  'wrong_password',
  'malformed',
] as const;
export type KeyFault = (typeof KEY_FAULTS)[number];

/** A signing key cannot be used; the message says what to do and never holds the key or the password. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyFault;

  constructor(code: KeyFault, message: string) {
    // No cause: what a parser or a cipher says may quote what it was given.
    super(message);
    this.code = code;
  }
}

export interface KeySource {
  /** A web3 secret storage file, version 3. */
  readonly keystoreFile?: string;
  /** 0x and 64 hex digits, from the environment. */
  readonly privateKey?: string;
  /** Asked only for a keystore. */
  readonly readPassword: () => Promise<string>;
}

const KEYSTORE_MAX_BYTES = 64 * 1024;

/** The account that signs. Throws KeyError. */
export async function readAccount({ keystoreFile, privateKey, readPassword }: KeySource): Promise<PrivateKeyAccount> {
  if (keystoreFile !== undefined && privateKey !== undefined) {
    throw new KeyError('two_given', 'Both --keystore and SEXTANT_PRIVATE_KEY are given. Take one of them away.');
  }
  if (privateKey !== undefined) return accountOf(privateKey);
  if (keystoreFile === undefined) {
    const advice = 'Give --keystore FILE (web3 secret storage, as geth, clef, cast and most wallets write it)';
    throw new KeyError('none_given', `This needs a key to sign with. ${advice}, or set SEXTANT_PRIVATE_KEY.`);
  }
  return accountOf(await decryptKeystore(keystoreFile, readPassword));
}

function accountOf(privateKey: string): PrivateKeyAccount {
  if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) throw malformed();
  try {
    return privateKeyToAccount(privateKey as Hex);
  } catch {
    throw malformed();
  }
}

const malformed = (): KeyError =>
  new KeyError('malformed', 'The private key is none: it has to be 0x and 64 hex digits.');

async function decryptKeystore(path: string, readPassword: () => Promise<string>): Promise<Hex> {
  const keystore = await readKeystore(path);
  const password = await readPassword();
  let key: Keystore.Key;
  try {
    key = await Keystore.toKeyAsync(keystore, { password });
  } catch {
    throw notAKeystore(path);
  }
  try {
    return Keystore.decrypt(keystore, key);
  } catch {
    throw new KeyError('wrong_password', `The password does not open ${path}.`);
  }
}

async function readKeystore(path: string): Promise<Keystore.Keystore> {
  let text: string;
  try {
    if ((await stat(path)).size > KEYSTORE_MAX_BYTES) throw notAKeystore(path);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof KeyError) throw error;
    throw new KeyError('unreadable', `${path} cannot be read. Check the path, and that this user may read it.`);
  }
  try {
    const value = JSON.parse(text) as Keystore.Keystore;
    if (value.version !== 3 || value.crypto.cipher !== 'aes-128-ctr') throw notAKeystore(path);
    return value;
  } catch {
    throw notAKeystore(path);
  }
}

const notAKeystore = (path: string): KeyError =>
  new KeyError('not_a_keystore', `${path} is not a version 3 keystore (web3 secret storage, aes-128-ctr).`);
