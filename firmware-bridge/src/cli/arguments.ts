import { parseArgs } from 'node:util';
import { flagOf, SETTINGS } from '../config/settings.ts';
import { didYouMean } from '../config/suggest.ts';

const COMMANDS = ['init', 'run', 'survey', 'status', 'agree', 'appeal'] as const;
export type Command = (typeof COMMANDS)[number];

interface Flag {
  readonly name: string;
  /** What stands for its value in the help; absent = a switch. */
  readonly value?: string;
  readonly help: string;
}

/** Flags of every command. */
export const COMMON_FLAGS: readonly Flag[] = [
  { name: 'data', value: 'FOLDER', help: 'where keys, configuration and outbox are (default: see below)' },
  { name: 'config', value: 'FILE', help: 'the configuration file (default: bridge.toml in the data folder)' },
  { name: 'help', help: 'this text' },
];

export const INIT_FLAGS: readonly Flag[] = [
  { name: 'network', value: 'URL', help: "HTTP address of one of the network's validators" },
  { name: 'invitation', value: 'CODE', help: 'the invitation code you were given; good for one key' },
  {
    name: 'by-deposit',
    help: 'no invitation: the owner registers the key on the chain with a deposit (see: help agree)',
  },
  { name: 'owner', value: '0x…', help: 'your EVM address: rewards go there' },
  { name: 'gateway-eui', value: 'HEX', help: "the packet forwarder's gateway_ID, 16 hex digits" },
  { name: 'region', value: 'PLAN', help: 'the region plan the gateway works under, e.g. EU868' },
  { name: 'location', value: 'LAT,LON', help: 'where the antenna is, degrees; only its hexagon leaves this machine' },
  {
    name: 'resolution',
    value: '8|9|10',
    help: 'size of that hexagon: about 1.1 km, 400 m or 150 m across (default 9)',
  },
  { name: 'antenna-height', value: 'M', help: 'of the antenna above ground, metres' },
  { name: 'altitude', value: 'M', help: 'of the antenna above sea level, metres' },
  { name: 'antenna-gain', value: 'DBI', help: 'of the antenna less its cable, dBi (default 2)' },
  {
    name: 'tx-power-levels',
    value: 'DBM,…',
    help: 'conducted powers the gateway can produce, dBm (default: 12,14 where legal)',
  },
  { name: 'listen-only', help: 'never send, only listen' },
  { name: 'survey', help: 'make a survey device (a gateway and a GNSS receiver that move) in place of a hotspot' },
  { name: 'gpsd', value: 'HOST:PORT', help: "the survey device's GNSS receiver (default 127.0.0.1:2947)" },
  { name: 'yes', help: 'do not ask whether the hexagon may be published' },
];

export const RUN_FLAGS: readonly Flag[] = [
  { name: 'json-logs', help: 'log JSON, one object a line, in place of text' },
  { name: 'clock', value: 'ipc', help: 'replays only: the parent process moves the clock' },
  { name: 'seed', value: 'TEXT', help: 'replays only: the same random numbers every time' },
];

export const STATUS_FLAGS: readonly Flag[] = [{ name: 'json', help: 'everything, as JSON' }];

export const AGREE_FLAGS: readonly Flag[] = [
  { name: 'owner', value: '0x…', help: 'the account that will register the hotspot' },
  { name: 'deployment', value: 'FILE', help: "where the network's contracts are, as sextant-deploy wrote it" },
  { name: 'hotspot', value: 'ID', help: 'hs1…: which one, where the bridge serves several' },
  { name: 'json', help: 'key, owner and signature, as JSON' },
];

export const APPEAL_FLAGS: readonly Flag[] = [
  { name: 'hotspot', value: 'ID', help: 'hs1…: which one, where the bridge serves several' },
  { name: 'accusation', value: 'CODE', help: 'what to appeal against, as it is listed' },
  { name: 'write', value: 'FILE', help: 'write what the owner has to sign to FILE' },
  {
    name: 'statement',
    value: 'FILE',
    help: 'what you have to say, published elsewhere: its SHA-256 is signed with the rest',
  },
  { name: 'send', value: 'FILE', help: 'hand the signed FILE to the running bridge, which brings it into the log' },
  { name: 'signature', value: '0x…', help: "with --send: the owner's signature, where it is not in FILE" },
  { name: 'network-url', value: 'URL', help: 'ask this validator (default: network_url of the configuration)' },
  { name: 'json', help: 'what stands, as JSON' },
];

const SETTING_FLAGS: readonly Flag[] = SETTINGS.map((setting) => ({
  name: flagOf(setting),
  value: setting.unit ?? (setting.kind === 'boolean' ? 'true|false' : 'TEXT'),
  help: setting.help,
}));

const FLAGS: Readonly<Record<Command, readonly Flag[]>> = {
  init: [...COMMON_FLAGS, ...INIT_FLAGS],
  run: [...COMMON_FLAGS, ...RUN_FLAGS, ...SETTING_FLAGS],
  survey: [...COMMON_FLAGS, ...RUN_FLAGS, ...SETTING_FLAGS],
  status: [...COMMON_FLAGS, ...STATUS_FLAGS],
  agree: [...COMMON_FLAGS, ...AGREE_FLAGS],
  appeal: [...COMMON_FLAGS, ...APPEAL_FLAGS],
};

export interface Arguments {
  readonly command: Command;
  /** Values by name; switches are `true`. */
  readonly flags: Readonly<Record<string, string | true>>;
}

/** What was typed cannot be understood; the message says what would be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What to do; `help` with the command it is about, if any. Throws UsageError. */
export function parseArguments(argv: readonly string[]): Arguments | { readonly help: Command | undefined } {
  const [first, ...rest] = argv;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    return { help: COMMANDS.find((command) => command === rest[0]) };
  }
  const command = COMMANDS.find((known) => known === first);
  if (!command) {
    throw new UsageError(`"${first}" is no command.${didYouMean(first, COMMANDS)} Commands: ${COMMANDS.join(', ')}.`);
  }
  const flags = FLAGS[command];
  const options = Object.fromEntries(
    flags.map(({ name, value }) => [name, { type: value === undefined ? ('boolean' as const) : ('string' as const) }]),
  );
  const { values, tokens } = parseArgs({
    args: [...rest],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`"${token.value}" stands alone: values belong to a --flag.`);
    if (token.kind === 'option') checkFlag(token.name, token.value, flags);
  }
  if (values['help'] !== undefined) return { help: command };
  return { command, flags: values as Record<string, string | true> };
}

function checkFlag(name: string, value: string | undefined, flags: readonly Flag[]): void {
  const known = flags.find((flag) => flag.name === name);
  if (!known) {
    const names = flags.map((flag) => flag.name);
    throw new UsageError(`--${name} is no flag of this command.${didYouMean(name, names).replace('"', '"--')}`);
  }
  if (known.value !== undefined && value === undefined)
    throw new UsageError(`--${name} needs a value: --${name} ${known.value}`);
  if (known.value === undefined && value !== undefined)
    throw new UsageError(`--${name} is a switch: it takes no value.`);
}
