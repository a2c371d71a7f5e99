import { z } from 'zod';
import { DEFAULT_SEMTECH_UDP_OPTIONS } from '../radio/semtech-udp/semtech-udp-driver.ts';

type SettingKind = 'text' | 'integer' | 'boolean';

/** One setting of a bridge process: in the file by its key, as a flag and as an environment variable by its name. */
export interface Setting {
  /** `table.name`, or a name at the top of the file. */
  readonly key: string;
  readonly kind: SettingKind;
  readonly default: string | number | boolean | undefined;
  /** Of a number. */
  readonly unit?: string;
  readonly help: string;
}

const udp = DEFAULT_SEMTECH_UDP_OPTIONS;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export const SETTINGS: readonly Setting[] = [
  {
    key: 'network_url',
    kind: 'text',
    default: undefined,
    help: "HTTP address of a validator; `init` writes it, later it only tells whether this machine's clock is right",
  },
  {
    key: 'semtech_udp.address',
    kind: 'text',
    default: udp.address,
    help: 'IP address to listen on for packet forwarders',
  },
  {
    key: 'semtech_udp.port',
    kind: 'integer',
    default: udp.port,
    unit: 'UDP port',
    help: 'port to listen on; 0 = any free one',
  },
  {
    key: 'semtech_udp.allow_remote_gateways',
    kind: 'boolean',
    default: udp.allowRemoteGateways,
    help: 'listen beyond this machine, although whoever reaches the port can imitate a gateway',
  },
  {
    key: 'semtech_udp.answer_timeout',
    kind: 'integer',
    default: udp.answerTimeoutMs / 1_000,
    unit: 's',
    help: 'how long a gateway may take to say that it sends a frame',
  },
  {
    key: 'outbox.max_size',
    kind: 'integer',
    default: 64,
    unit: 'MiB a hotspot',
    help: 'reports kept while the network is away',
  },
  {
    key: 'outbox.batch_delay',
    kind: 'integer',
    default: 500,
    unit: 'ms',
    help: 'how long a report waits for others to travel with it',
  },
  {
    key: 'mqtt.ca_file',
    kind: 'text',
    default: undefined,
    help: "PEM file of the authority behind the broker's certificate, when the system does not know it",
  },
  {
    key: 'status.interval',
    kind: 'integer',
    default: 10,
    unit: 'min',
    help: 'how often the network is told how the gateway is',
  },
  {
    key: 'log.level',
    kind: 'text',
    default: 'info',
    help: `how much is logged: ${LOG_LEVELS.join(', ')}`,
  },
];

/** `--semtech-udp-port` without the dashes. */
export const flagOf = ({ key }: Setting): string => key.replaceAll(/[._]/g, '-');
export const environmentNameOf = ({ key }: Setting): string => `SEXTANT_${key.replaceAll('.', '_').toUpperCase()}`;

const between = (least: number, most: number) => z.int(`not a whole number`).min(least).max(most);

/** What the settings must be, by key. */
export const SETTING_SCHEMAS = {
  network_url: z.url({ protocol: /^https?$/, error: 'not an http:// or https:// address' }).optional(),
  'semtech_udp.address': z.union([z.ipv4(), z.ipv6()], { error: 'not an IP address' }),
  'semtech_udp.port': between(0, 65_535),
  'semtech_udp.allow_remote_gateways': z.boolean(),
  'semtech_udp.answer_timeout': between(1, 60),
  'outbox.max_size': between(1, 100_000),
  'outbox.batch_delay': between(0, 60_000),
  'mqtt.ca_file': z.string().min(1).optional(),
  'status.interval': between(1, 1_440),
  'log.level': z.enum(LOG_LEVELS),
} as const;

export type SettingKey = keyof typeof SETTING_SCHEMAS;
/** Checked values, by key. */
export type Settings = { readonly [Key in SettingKey]: z.infer<(typeof SETTING_SCHEMAS)[Key]> };
