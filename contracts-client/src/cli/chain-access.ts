import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { createPublicClient, createWalletClient, http, type PublicClient, type Transport } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { WrongChainError } from '../chain/chain-errors.ts';
import type { Wallet } from '../chain/send-call.ts';
import { readAccount } from '../keys/read-account.ts';
import { UsageError } from './usage-error.ts';

const POLL_MS = 1000;

/** Where the key that signs is. */
export interface KeySettings {
  readonly keystoreFile?: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** What both commands take from flags and environment to reach a chain. */
export interface ChainSettings extends KeySettings {
  readonly rpcUrl: string;
}

function transportOf(rpcUrl: string): Transport {
  if (!URL.canParse(rpcUrl) || !/^https?:$/.test(new URL(rpcUrl).protocol)) {
    // The text is not repeated: it may hold an access key.
    throw new UsageError('--rpc has to be an http:// or https:// URL.');
  }
  return http(rpcUrl);
}

export const createReader = ({ rpcUrl }: ChainSettings): PublicClient =>
  createPublicClient({ transport: transportOf(rpcUrl), pollingInterval: POLL_MS });

/** Throws WrongChainError when the endpoint serves another chain: what is signed for it would be lost. */
export async function requireChain(reader: Pick<PublicClient, 'getChainId'>, expected: number): Promise<void> {
  const actual = await reader.getChainId();
  if (actual !== expected) throw new WrongChainError(expected, actual);
}

/** The key of the keystore or the environment. Throws KeyError. */
export async function openAccount({ keystoreFile, environment }: KeySettings): Promise<PrivateKeyAccount> {
  const privateKey = environment['SEXTANT_PRIVATE_KEY'];
  return readAccount({
    ...(keystoreFile === undefined ? {} : { keystoreFile }),
    ...(privateKey === undefined ? {} : { privateKey }),
    readPassword: () => readPassword(environment),
  });
}

/** A wallet with that key. Throws KeyError. */
export async function createWallet(settings: ChainSettings): Promise<Wallet> {
  const account = await openAccount(settings);
  return createWalletClient({ account, transport: transportOf(settings.rpcUrl) });
}

async function readPassword(environment: NodeJS.ProcessEnv): Promise<string> {
  const given = environment['SEXTANT_KEYSTORE_PASSWORD'];
  if (given !== undefined) return given;
  const file = environment['SEXTANT_KEYSTORE_PASSWORD_FILE'];
  if (file !== undefined) return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  if (process.stdin.isTTY) return askHidden('Password of the keystore: ');
  throw new UsageError('Set SEXTANT_KEYSTORE_PASSWORD_FILE or SEXTANT_KEYSTORE_PASSWORD, or start this in a terminal.');
}

/** Asks on the terminal; what is typed is not shown. */
function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    terminal.once('SIGINT', () => {
      terminal.close();
      reject(new UsageError('Stopped.'));
    });
    terminal.question('', (answer) => {
      terminal.close();
      process.stderr.write('\n');
      resolve(answer);
    });
  });
}
