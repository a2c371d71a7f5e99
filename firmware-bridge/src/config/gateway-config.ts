import { getResolution, isValidCell } from 'h3-js';
import { z } from 'zod';
import { parseId, REGION_PLAN_NAMES } from '../protocol/index.ts';
import { parseGatewayEui } from '../radio/gateway-eui.ts';
import { didYouMean } from './suggest.ts';

/** H3 resolutions a hotspot may assert. */
export const CELL_RESOLUTIONS: readonly number[] = [8, 9, 10];

const region = z.string().transform((name, context) => {
  const known = REGION_PLAN_NAMES.find((plan) => plan === name.toUpperCase().replaceAll('-', '_'));
  if (known) return known;
  const message = `"${name}" is no region plan.${didYouMean(name, REGION_PLAN_NAMES)} Known: ${REGION_PLAN_NAMES.join(', ')}.`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const eui = z.string().transform((text, context) => {
  const parsed = parseGatewayEui(text);
  if (parsed) return parsed;
  const message = `"${text}" is no gateway ID: 16 hex digits, as "gateway_ID" in the packet forwarder's configuration.`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const id = z.string().refine((text) => {
  const kind = parseId(text)?.kind;
  return kind === 'hotspot' || kind === 'survey_device';
}, 'no id of a hotspot (hs1…) or survey device (sv1…): is a character mistyped?');

const cell = z
  .string()
  .refine((text) => isValidCell(text), 'no H3 cell (15 hex digits)')
  .refine(
    (text) => CELL_RESOLUTIONS.includes(getResolution(text)),
    `a cell of another resolution than ${CELL_RESOLUTIONS.join(', ')}`,
  );

const tenths = (least: number, most: number) =>
  z
    .number()
    .min(least)
    .max(most)
    .refine((value) => Math.abs(value * 10 - Math.round(value * 10)) < 1e-9, 'finer than a tenth');

const levels = z
  .array(tenths(-30, 40))
  .max(32)
  .refine(
    (values) => values.every((value, i) => i === 0 || (values[i - 1] as number) < value),
    'not ascending, or with repeats',
  );

const hostAndPort = z.string().transform((text, context) => {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) {
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  }
  context.addIssue({ code: 'custom', message: `"${text}" is not host:port, e.g. 127.0.0.1:2947` });
  return z.NEVER;
});

const COMMON = {
  id,
  eui,
  region,
  antenna_gain_dbi: tenths(-10, 15),
  tx_power_levels_dbm: levels,
  forwarder_antenna_gain_dbi: z.int().min(-30).max(50).default(0),
  reports_power_corrections: z.boolean().default(true),
};

export const HOTSPOT_GATEWAY = z.strictObject({
  ...COMMON,
  listen_only: z.boolean().default(false),
  cell,
  antenna_height_m: z.int().min(0).max(150),
  altitude_m: z.int().min(-430).max(5_000),
});

export const SURVEY_GATEWAY = z.strictObject({
  ...COMMON,
  gpsd: hostAndPort.default({ host: '127.0.0.1', port: 2_947 }),
  interval_s: z.int().min(20).max(3_600).default(30),
});

type HotspotGateway = z.infer<typeof HOTSPOT_GATEWAY>;
type SurveyGateway = z.infer<typeof SURVEY_GATEWAY>;
export type GatewayConfig =
  | ({ readonly kind: 'hotspot' } & HotspotGateway)
  | ({ readonly kind: 'survey_device' } & SurveyGateway);

/** The fields of a `[[gateway]]` table with their unit, for the file's comments and for `--help`. */
export const GATEWAY_FIELDS: readonly { readonly name: string; readonly help: string }[] = [
  { name: 'id', help: 'hs1… or sv1…: names the key files; written by init' },
  { name: 'eui', help: "the packet forwarder's gateway_ID, 16 hex digits" },
  { name: 'region', help: `region plan: ${REGION_PLAN_NAMES.join(', ')}` },
  { name: 'antenna_gain_dbi', help: 'gain of the antenna less the loss of its cable, dBi, to a tenth' },
  { name: 'tx_power_levels_dbm', help: 'conducted powers the gateway can really produce, dBm, ascending' },
  {
    name: 'forwarder_antenna_gain_dbi',
    help: "antenna_gain of the packet forwarder's own configuration, dBi (default 0)",
  },
  { name: 'reports_power_corrections', help: 'false for packet forwarders before 4.0 (default true)' },
  { name: 'listen_only', help: 'hotspot: true = never send, only listen (default false)' },
  { name: 'cell', help: 'hotspot: the asserted H3 cell, resolution 8, 9 or 10: public for ever' },
  { name: 'antenna_height_m', help: 'hotspot: of the antenna above ground, m' },
  { name: 'altitude_m', help: 'hotspot: of the antenna above sea level, m' },
  { name: 'gpsd', help: 'survey device: host:port of gpsd (default 127.0.0.1:2947)' },
  { name: 'interval_s', help: 'survey device: from one transmission to the next, s, at least 20 (default 30)' },
];
