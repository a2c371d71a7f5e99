import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, type ChildOptions } from './child-process.ts';

/** Root of the checkout; compiled or not, this file lies two or three folders below it. */
const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../../' : '../../', import.meta.url));

/** What is started as processes of their own, as it is compiled. */
export const PROGRAMS = {
  oracle: join(root, 'oracle/bin/sextant-oracle.js'),
  bridge: join(root, 'firmware-bridge/bin/sextant-bridge.js'),
  simulator: join(root, 'test/dist/simulator/main.js'),
  chain: join(root, 'test/dist/network/chain/chain-process.js'),
  site: join(root, 'test/dist/network/site-process.js'),
} as const;

/** Where the map is built to. */
export const SITE_FOLDER = join(root, 'coverage-map/dist');

/** Settings as flags: `--name=value`, so that a value may begin with a dash. */
export const flagsOf = (settings: Readonly<Record<string, string | number>>): readonly string[] =>
  Object.entries(settings).map(([name, value]) => `--${name}=${value}`);

type HowToStart = Pick<ChildOptions, 'niceness' | 'withDescendants'>;

/** All children of this process, so that none is forgotten when it ends. */
export class Children {
  readonly #logFolder: string;
  readonly #children: Child[] = [];

  constructor(logFolder: string) {
    this.#logFolder = logFolder;
  }

  start(program: keyof typeof PROGRAMS, name: string, args: readonly string[], how: HowToStart = {}): Child {
    const logFile = join(this.#logFolder, `${name.replaceAll(' ', '-')}.log`);
    const options = { name, entry: PROGRAMS[program], args, logFile, ...how };
    const child = new Child(options);
    this.#children.push(child);
    return child;
  }

  /** Rejects with ChildError as soon as one of `children` ends unasked. */
  async untilBroken(children: readonly Child[]): Promise<never> {
    return Promise.race(children.map((child) => child.untilBroken()));
  }

  get areRunning(): boolean {
    return this.#children.some((child) => !child.hasExited);
  }

  /**
   * The oracle last: until then it takes what the others still have. Nobody waits for the chain, which runs at a low priority
   * and writes its state down meanwhile. All of it in less than five seconds.
   */
  async stopAll(): Promise<void> {
    const stop = (wanted: (name: string) => boolean, patienceMs: number): Promise<unknown> =>
      Promise.all(this.#children.filter(({ name }) => wanted(name)).map((child) => child.stop(patienceMs)));
    const chain = stop((name) => name === 'chain', 4_000);
    await stop((name) => name !== 'oracle' && name !== 'chain', 1_700);
    await stop((name) => name === 'oracle', 2_800);
    await chain;
  }

  killAll(): void {
    for (const child of this.#children) child.kill();
  }
}
