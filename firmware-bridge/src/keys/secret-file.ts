import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bytesToHex, hexToBytes } from '../protocol/index.ts';

export const SECRET_BYTES = 32;
/** Room for the 64 hex digits and a line end, and nothing that could be a mix-up. */
const FILE_MAX_BYTES = 128;

export type SecretFileFault = 'missing' | 'exists' | 'mode_too_wide' | 'malformed' | 'unreadable';

/** A secret file cannot be used; the message says what to do. It never holds the secret. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError';
  readonly code: SecretFileFault;
  readonly path: string;

  constructor(code: SecretFileFault, path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.path = path;
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/**
 * Writes 32 secret bytes as hex to a new file of mode 0600, all or nothing: to a temporary file first, synced, then
 * linked to its name, which fails when the name is taken. Throws SecretFileError `exists` then: a key is never
 * overwritten.
 */
export async function createSecretFile(path: string, secret: Uint8Array): Promise<void> {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`a secret has ${SECRET_BYTES} bytes`);
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${bytesToHex(secret)}\n`);
    await file.sync();
    await file.close();
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new SecretFileError(
      'exists',
      path,
      `${path} exists already and is not overwritten: it may be in use.`,
      error,
    );
  } finally {
    await unlink(temporary);
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The 32 bytes of a file that `createSecretFile` wrote. Throws SecretFileError. */
export async function readSecretFile(path: string): Promise<Uint8Array> {
  const file = await openSecret(path);
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) throw tooWide(path, mode);
    const text = size <= FILE_MAX_BYTES ? (await file.readFile('utf8')).trim() : '';
    if (/^[0-9a-f]{64}$/.test(text)) return hexToBytes(text);
  } finally {
    await file.close();
  }
  throw new SecretFileError(
    'malformed',
    path,
    `${path} does not hold a key of ours (64 hex digits). Put back your copy of it; a new key would be a new hotspot.`,
  );
}

async function openSecret(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      const advice = `${path} is missing. Put back your copy of it, or run \`sextant-bridge init\` for a new hotspot.`;
      throw new SecretFileError('missing', path, advice, error);
    }
    const advice = `${path} cannot be read. Run the bridge as the user who owns it.`;
    throw new SecretFileError('unreadable', path, advice, error);
  }
}

function tooWide(path: string, mode: number): SecretFileError {
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  return new SecretFileError(
    'mode_too_wide',
    path,
    `${path} has mode ${shown}: others on this machine can read the key. Run:  chmod 600 ${quoted(path)}`,
  );
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
