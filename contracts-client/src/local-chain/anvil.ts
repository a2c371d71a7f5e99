import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);

export interface LocalChainOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly chainId: number;
  /** How many accounts get 10,000 coins each. They are derived from `mnemonic`. */
  readonly accounts: number;
  readonly mnemonic: string;
  /** Unix time of block 0, seconds; the system's clock unless given. */
  readonly timestampSeconds?: number;
  /** A file that the chain is read from at the start, and written to at the end and every `stateIntervalSeconds`. */
  readonly stateFile?: string;
}

/** The phrase every development chain uses: its keys are public, and worth nothing anywhere else. */
export const PUBLIC_TEST_MNEMONIC = 'test test test test test test test test test test test junk';

export const LOCAL_CHAIN_DEFAULTS: LocalChainOptions = {
  port: 0,
  chainId: 31_337,
  accounts: 12,
  mnemonic: PUBLIC_TEST_MNEMONIC,
};

const STATE_INTERVAL_SECONDS = 5;
const STOP_TIMEOUT_MS = 10_000;

export interface LocalChain {
  readonly rpcUrl: string;
  readonly pid: number;
  /** Resolves when the process has ended by itself or by `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** The local chain did not come up; the message holds the end of what it said. */
export class LocalChainError extends Error {
  override readonly name = 'LocalChainError';
}

/** The binary of this platform; its npm package needs no install script. */
function anvilPath(): string {
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const [os, suffix] = process.platform === 'win32' ? ['win32', '.exe'] : [process.platform, ''];
  const launcher = createRequire(require.resolve('@foundry-rs/anvil/package.json'));
  try {
    return launcher.resolve(`@foundry-rs/anvil-${os}-${cpu}/bin/anvil${suffix}`);
  } catch (error) {
    throw new LocalChainError(`There is no anvil for ${os} on ${cpu}. Use a chain of your own, or none.`, {
      cause: error,
    });
  }
}

/** Starts anvil on loopback: a chain of one machine, with a block for each transaction. Throws LocalChainError. */
export async function startLocalChain(options: Partial<LocalChainOptions> = {}): Promise<LocalChain> {
  const settings = { ...LOCAL_CHAIN_DEFAULTS, ...options };
  const child = spawn(anvilPath(), argumentsOf(settings), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const address = await listeningAddress(child);
  return {
    rpcUrl: `http://${address}`,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(hard);
    },
  };
}

function argumentsOf({ port, chainId, accounts, mnemonic, timestampSeconds, stateFile }: LocalChainOptions): string[] {
  const args = { host: '127.0.0.1', port, 'chain-id': chainId, accounts, mnemonic, hardfork: 'osaka' };
  const state = stateFile === undefined ? {} : { state: stateFile, 'state-interval': STATE_INTERVAL_SECONDS };
  const time = timestampSeconds === undefined ? {} : { timestamp: timestampSeconds };
  return Object.entries({ ...args, ...state, ...time }).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

function listeningAddress(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown): void =>
      reject(new LocalChainError(`anvil did not start: ${said.slice(-5).join(' ').slice(-500)}`, { cause }));
    child.once('error', fail);
    child.once('exit', () => fail());
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        const match = /^Listening on (\S+)$/.exec(line);
        if (match?.[1] === undefined) said.push(line.slice(0, 200));
        else resolve(match[1]);
        if (said.length > 50) said.shift();
      });
    }
  });
}
