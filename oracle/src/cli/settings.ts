import { readFileSync } from 'node:fs';
import { didYouMean } from '@sextant/firmware-bridge/console';
import { parse as parseToml, TomlError } from 'smol-toml';
import { z } from 'zod';
import { RULE_SET_NUMBERS } from '../core/ruleset/index.ts';

/** A setting has a unit, a default that is right for the embedded profile, and a line in `--help`. */
interface Setting {
  readonly schema: z.ZodType;
  /** For `--help`. */
  readonly value: string;
  readonly help: string;
  /** Never an argument: everybody on the machine can read those. */
  readonly secret?: boolean;
}

const secret = <Schema extends z.ZodType>(schema: Schema, help: string) => ({
  schema,
  value: '',
  help,
  secret: true as const,
});
const setting = <Schema extends z.ZodType>(schema: Schema, value: string, help: string) => ({ schema, value, help });

const DURATION = /^(\d+)(ms|s|min|m|h|d)$/;
const UNIT_MS = { ms: 1, s: 1_000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `60s`, `5min`, `6h` → milliseconds. */
export const duration = z
  .string()
  .regex(/^-?\d+(ms|s|min|m|h|d)$/, 'write it with a unit, like 60s, 5min or 6h')
  .transform((text) => {
    const [, amount = '0', unit = 'ms'] = DURATION.exec(text.replace(/^-/, '')) ?? [];
    return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS] * (text.startsWith('-') ? -1 : 1);
  });

const port = z.coerce.number().int('a port is a whole number').min(0).max(65_535);
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'an EVM address is 0x and 40 hex digits')
  .transform((text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')));

/** Everything an oracle can be told. Network parameters are not settings: they are the rule set. */
export const SETTINGS = {
  data: setting(z.string().default('./data'), 'DIR', 'keys, log, database and archive (./data)'),
  'network-id': setting(
    z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, '1 to 32 of a–z, 0–9 and -')
      .default('sextant-local'),
    'NAME',
    'name of a new network (sextant-local)',
  ),
  owner: setting(
    address.default(new Uint8Array(20)),
    '0x…',
    'where the rewards of a new network’s validator go (the zero address)',
  ),
  round: setting(duration.default(21_600_000), 'TIME', 'round of a new network: one beacon each (6h)'),
  epoch: setting(duration.default(86_400_000), 'TIME', 'epoch of a new network, whole rounds (24h)'),
  'rule-set': setting(
    z.coerce
      .number()
      .refine(
        (number) => RULE_SET_NUMBERS.some((known) => known === number),
        `the rule sets are ${RULE_SET_NUMBERS.join(' and ')}`,
      )
      .default(2),
    'N',
    'rules of a new network: 2 judges links, places and trust, 1 links alone (2)',
  ),
  'genesis-in': setting(
    duration.optional(),
    'TIME',
    'when round 0 of a new network starts, from now (last midnight UTC)',
  ),
  'mqtt-host': setting(z.string().default('127.0.0.1'), 'ADDRESS', 'where bridges reach the broker (127.0.0.1)'),
  'mqtt-port': setting(port.default(1883), 'PORT', 'MQTT port, 0 = any free one (1883)'),
  'mqtt-url': setting(
    z.url({ protocol: /^mqtts?$/, error: 'like mqtts://oracle.example:8883' }).optional(),
    'URL',
    'what bridges are told to connect to, when it is another address than the broker’s own',
  ),
  broker: setting(
    z.enum(['embedded', 'emqx', 'mosquitto']).default('embedded'),
    'KIND',
    'embedded, emqx (asks this oracle about logins over HTTP) or mosquitto (dynamic-security plugin) (embedded)',
  ),
  'broker-url': setting(
    z.url({ protocol: /^mqtts?$/, error: 'like mqtt://emqx:1883' }).optional(),
    'URL',
    'how this oracle reaches an external broker',
  ),
  'broker-username': setting(z.string().optional(), 'NAME', 'Mosquitto account with the admin role'),
  'broker-password': secret(z.string().optional(), 'its password'),
  'broker-secret': secret(
    z.string().min(16, 'at least 16 characters').optional(),
    'what EMQX sends as Authorization: Bearer … when it asks about logins',
  ),
  'mqtt-cert': setting(z.string().optional(), 'FILE', 'TLS certificate (PEM); needed for any address but loopback'),
  'mqtt-key': setting(z.string().optional(), 'FILE', 'its private key (PEM)'),
  'http-host': setting(z.string().default('127.0.0.1'), 'ADDRESS', 'where API and map are served (127.0.0.1)'),
  'http-port': setting(port.default(8080), 'PORT', 'HTTP port, 0 = any free one (8080)'),
  'public-url': setting(
    z.url({ protocol: /^https?$/, error: 'like https://oracle.example' }).optional(),
    'URL',
    'where people reach the website, when it is another address: invitations name it',
  ),
  site: setting(z.string().optional(), 'DIR', 'the built website; without it only the API is served'),
  'trust-proxy': setting(
    z.stringbool().default(false),
    'yes|no',
    'behind a proxy that sets X-Forwarded-For; otherwise anybody could (no)',
  ),
  'join-rate': setting(
    z.coerce.number().int().min(1).max(100_000).default(10),
    'N',
    'attempts to join a minute from one address, three times as many at once (10)',
  ),
  'database-url': secret(
    z.string().optional(),
    'PostgreSQL or TimescaleDB of your own; a private one in the data folder without it. Also DATABASE_URL',
  ),
  chain: setting(
    z
      .union([z.string(), z.array(z.string())])
      .transform((given) => [given].flat().flatMap((text) => text.split(',')))
      .pipe(z.array(z.url({ protocol: /^https?$/, error: 'like http://127.0.0.1:8545' })).max(8))
      .default([]),
    'URL',
    'JSON-RPC of the chain to settle on; give it twice or more and two have to agree (none: rewards stay off chain)',
  ),
  deployment: setting(z.string().optional(), 'FILE', 'where the contracts are, as sextant-deploy wrote it'),
  'chain-confirmations': setting(
    z.coerce.number().int().min(0).max(10_000).default(12),
    'N',
    'blocks on top of a block before it counts as final (12)',
  ),
  'chain-page-blocks': setting(
    z.coerce.number().int().min(1).max(100_000).default(1_000),
    'N',
    'blocks whose events are asked for at once: fewer for an endpoint that refuses so many (1000)',
  ),
  'chain-poll': setting(duration.default(6_000), 'TIME', 'between two looks at the chain (6s)'),
  'chain-bump-after': setting(
    duration.default(90_000),
    'TIME',
    'a transaction that is in no block by then is sent again for a quarter more (90s)',
  ),
  'chain-max-fee': setting(
    z.coerce.number().int().min(1).max(1_000_000).default(200),
    'GWEI',
    'never more for a unit of gas (200)',
  ),
  'chain-repost-vetoed': setting(
    z.stringbool().default(false),
    'yes|no',
    'post an epoch again that the guardian vetoed: after you found out why (no)',
  ),
  workers: setting(z.coerce.number().int().min(1).max(64).default(2), 'N', 'signature worker threads (2)'),
  'json-logs': setting(z.stringbool().optional(), 'yes|no', 'log JSON lines (yes, but on a terminal)'),
  'log-level': setting(
    z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    'LEVEL',
    'debug, info, warn or error',
  ),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> };

/** A setting is wrong; the message names it, where it came from, and what is right. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

interface Source {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Flags before environment before file before default. Throws SettingsError. */
export function readSettings(
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  file?: string,
): Settings {
  const sources: Source[] = [
    { name: 'the command line', values: flags },
    { name: 'the environment', values: fromEnvironment(environment) },
    ...(file === undefined ? [] : [{ name: file, values: readFile(file) }]),
  ];
  const settings: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const source = sources.find(({ values }) => values[name] !== undefined);
    const parsed = schema.safeParse(source?.values[name]);
    if (!parsed.success) {
      const why = parsed.error.issues.map(({ message }) => message).join(', ');
      throw new SettingsError(`${name} = ${JSON.stringify(source?.values[name])} in ${source?.name}: ${why}`);
    }
    settings[name] = parsed.data;
  }
  return settings as Settings;
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const names = Object.keys(SETTINGS).map(
    (name) => [name, `SEXTANT_${name.toUpperCase().replaceAll('-', '_')}`] as const,
  );
  const values: Record<string, unknown> = { 'database-url': environment['DATABASE_URL'] };
  for (const [name, variable] of names) values[name] = environment[variable] ?? values[name];
  return values;
}

function readFile(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  let values: Record<string, unknown>;
  try {
    values = parseToml(text);
  } catch (error) {
    throw new SettingsError(`${path} is not TOML. ${error instanceof TomlError ? error.message : String(error)}`);
  }
  for (const name of Object.keys(values)) {
    if (name in SETTINGS) continue;
    const known = Object.keys(SETTINGS);
    throw new SettingsError(
      `${path} sets "${name}", which is no setting.${didYouMean(name, known)} All of them: ${known.join(', ')}.`,
    );
  }
  return values;
}

/** Flags that may be given more than once. */
export const REPEATABLE_FLAGS: ReadonlySet<string> = new Set(['chain'] satisfies SettingName[]);

/** `SEXTANT_HTTP_PORT` for `http-port`. */
export const variableOf = (name: string): string => `SEXTANT_${name.toUpperCase().replaceAll('-', '_')}`;

/** Settings that may be arguments. */
export const FLAG_NAMES: readonly string[] = Object.entries(SETTINGS as Record<string, Setting>)
  .filter(([, { secret: isSecret }]) => isSecret !== true)
  .map(([name]) => name);

/** Lines for `--help`. */
export function settingsHelp(): string {
  const rows = Object.entries(SETTINGS as Record<string, Setting>).map(([name, { value, help, secret: isSecret }]) =>
    isSecret === true ? [`  ${variableOf(name)}`, `${help}`] : [`  --${name} ${value}`, help],
  );
  const width = Math.max(...rows.map(([left = '']) => left.length)) + 2;
  return rows.map(([left = '', help = '']) => `${left.padEnd(width)}${help}`).join('\n');
}
