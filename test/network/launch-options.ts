import { parseArgs } from 'node:util';
import { deriveTiming } from '@sextant/oracle/core';
import { parseDuration } from './durations.ts';

/** What a network is made with; a data folder keeps it for ever. */
export interface NetworkChoice {
  readonly ruleSet: number;
  readonly roundMs: number;
  readonly epochMs: number;
}

/** Who lives in the simulated city. */
export interface CityChoice {
  readonly seed: string;
  readonly hotspots: number;
  readonly cheaters: number;
  readonly cars: number;
}

/** An anvil of this run's own, or a chain that somebody else runs. */
export type ChainChoice =
  | {
      readonly kind: 'local';
      /** 0 = any free one. */
      readonly port: number;
    }
  | { readonly kind: 'remote'; readonly rpcUrls: readonly string[]; readonly deploymentFile: string };

export interface LaunchOptions {
  readonly simulator: boolean;
  /** The run ends after this many closed epochs; absent: at Ctrl-C. */
  readonly epochs?: number;
  readonly jsonFile?: string;
  readonly dataDirectory: string;
  readonly network: NetworkChoice;
  readonly city: CityChoice;
  /** 0 = any free one. */
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly udpPort: number;
  /** Absent: rewards stay off chain. */
  readonly chain?: ChainChoice;
  /** Options that were given, for what a data folder already knows otherwise. */
  readonly given: ReadonlySet<string>;
}

export const HELP = `Sextant, all of it on this machine: broker, database, oracle, website, and a city of simulated gateways.

  npm start                            60 hotspots (8 of them cheat) and 6 survey cars; the map is at the URL it prints
  npm start -- --no-simulator          the same network, waiting for real gateways: prints what an owner runs
  npm start -- --epochs 2 --round 5s --epoch 20s --json summary.json
                                       a short run that ends by itself and writes down what happened

How it runs
  --epochs N         end after N epochs were closed (otherwise it runs until Ctrl-C)
  --json FILE        then write the figures of the run to FILE
  --data DIR         keys, log, database and logs of the processes (./data); the next start goes on where this one ended

A new network (a data folder that has one keeps it)
  --round TIME       one beacon of each hotspot in this time (60s); also 5s, 2min, 6h
  --epoch TIME       rewards are paid each time this has passed, a whole number of rounds (5min)
  --rule-set N       2 judges links, places and trust, 1 links alone (2)

The simulated city
  --no-simulator     none
  --hotspots N       hotspots (60)
  --cheaters N       of them: cheaters, of five kinds (8)
  --cars N           survey cars (6)
  --seed TEXT        another text, another city (sextant)

The chain that rewards are paid on
  --no-chain         none; otherwise one of its own beside the network (anvil), with the contracts and the demo's hotspots
  --chain URL        another one, over JSON-RPC; twice or more, and two have to agree; with
  --deployment FILE  where the contracts are on it, as sextant-deploy wrote it

Ports, 0 = any free one
  --http-port PORT   map and API (8080)
  --mqtt-port PORT   broker (1883)
  --udp-port PORT    packet forwarders send here (1700)
  --chain-port PORT  JSON-RPC of the network's own chain (8545)

Ctrl-C stops everything cleanly; once more, and it stops at once.
`;

const text = { type: 'string' } as const;
const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  'no-simulator': { type: 'boolean' },
  epochs: text,
  json: text,
  data: text,
  round: text,
  epoch: text,
  'rule-set': text,
  hotspots: text,
  cheaters: text,
  cars: text,
  seed: text,
  'http-port': text,
  'mqtt-port': text,
  'udp-port': text,
  'chain-port': text,
  'no-chain': { type: 'boolean' },
  chain: { type: 'string', multiple: true },
  deployment: text,
} as const;

/** An option is wrong; the message says which one and what is right. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** What the command line says; `help` when that was asked for. Throws OptionError. */
export function parseLaunchOptions(args: readonly string[]): LaunchOptions | 'help' {
  const values = parseValues(args);
  if (values.help) return 'help';
  const whole = (name: keyof typeof values, least: number, most: number, otherwise: number): number =>
    parseWhole(name, values[name] as string | undefined, least, most) ?? otherwise;
  const hotspots = whole('hotspots', 0, 500, 60);
  const city = {
    seed: values.seed ?? 'sextant',
    hotspots,
    cheaters: whole('cheaters', 0, hotspots, Math.min(8, hotspots)),
    cars: whole('cars', 0, 100, 6),
  };
  const chain = parseChain(values, whole('chain-port', 0, 65_535, 8_545));
  const epochs = parseWhole('epochs', values.epochs, 1, 1_000_000);
  if (values.json !== undefined && epochs === undefined) {
    throw new OptionError('--json needs --epochs: the figures are written when a run ends by itself.');
  }
  return {
    simulator: values['no-simulator'] !== true,
    ...(epochs === undefined ? {} : { epochs }),
    ...(values.json === undefined ? {} : { jsonFile: values.json }),
    dataDirectory: values.data ?? './data',
    network: { ...parseNetwork(values), ruleSet: whole('rule-set', 1, 2, 2) },
    city,
    httpPort: whole('http-port', 0, 65_535, 8_080),
    mqttPort: whole('mqtt-port', 0, 65_535, 1_883),
    udpPort: whole('udp-port', 0, 65_535, 1_700),
    ...(chain === undefined ? {} : { chain }),
    given: new Set(Object.keys(values)),
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new OptionError(`${why}. All options: npm start -- --help`);
  }
}

interface ChainValues {
  readonly 'no-chain'?: boolean;
  readonly chain?: readonly string[];
  readonly deployment?: string;
}

function parseChain(values: ChainValues, port: number): ChainChoice | undefined {
  const { 'no-chain': isOff = false, chain: rpcUrls, deployment: deploymentFile } = values;
  if (isOff) {
    if (rpcUrls !== undefined || deploymentFile !== undefined) {
      throw new OptionError('--no-chain does not go with --chain and --deployment.');
    }
    return undefined;
  }
  if (rpcUrls === undefined && deploymentFile === undefined) return { kind: 'local', port };
  if (rpcUrls === undefined || deploymentFile === undefined) {
    throw new OptionError('--chain and --deployment belong together: npm start -- --chain URL --deployment FILE');
  }
  const bad = rpcUrls.find((url) => !/^https?:\/\//.test(url) || !URL.canParse(url));
  if (bad !== undefined) throw new OptionError(`--chain ${bad}: an address like http://127.0.0.1:8545 is expected.`);
  return { kind: 'remote', rpcUrls, deploymentFile };
}

function parseNetwork(values: { readonly round?: string; readonly epoch?: string }): Omit<NetworkChoice, 'ruleSet'> {
  const duration = (name: 'round' | 'epoch', otherwise: string): number => {
    const given = values[name] ?? otherwise;
    const ms = parseDuration(given);
    if (ms === undefined)
      throw new OptionError(`--${name} ${given}: write a time with its unit, like 5s, 60s, 5min or 6h.`);
    return ms;
  };
  const network = { roundMs: duration('round', '60s'), epochMs: duration('epoch', '5min') };
  const timing = deriveTiming(network);
  if (timing === 'round_too_short')
    throw new OptionError('--round: a slot takes 2 s at least, and a round is one slot or more.');
  if (typeof timing === 'string')
    throw new OptionError('--epoch: an epoch is a whole number of rounds, like --round 60s --epoch 5min.');
  return network;
}

function parseWhole(name: string, given: string | undefined, least: number, most: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (/^\d{1,9}$/.test(given) && value >= least && value <= most) return value;
  throw new OptionError(`--${name} ${given}: a whole number from ${least} to ${most} is expected.`);
}
