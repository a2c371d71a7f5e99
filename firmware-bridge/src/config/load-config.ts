import { parse as parseToml, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { parseId } from '../protocol/index.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { GATEWAY_FIELDS, type GatewayConfig, HOTSPOT_GATEWAY, SURVEY_GATEWAY } from './gateway-config.ts';
import {
  environmentNameOf,
  flagOf,
  SETTING_SCHEMAS,
  SETTINGS,
  type Setting,
  type SettingKey,
  type Settings,
} from './settings.ts';
import { didYouMean } from './suggest.ts';
import { tomlLines } from './toml-lines.ts';

export interface BridgeConfig {
  readonly settings: Settings;
  readonly gateways: readonly GatewayConfig[];
}

export interface ConfigSources {
  /** Flags as given, without dashes. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: there is no file. */
  readonly file?: { readonly path: string; readonly text: string };
}

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Flags before environment before file before default, everything checked. Throws ConfigError with all problems. */
export function loadConfig(sources: ConfigSources): BridgeConfig {
  const problems: ConfigProblem[] = [];
  const { file } = sources;
  const content = file ? parseFile(file) : {};
  const lines = tomlLines(file?.text ?? '');
  const at = (path: string): { readonly line?: number } => {
    const line = lines.get(path) ?? lines.get(path.replace(/\.[^.]*$/, ''));
    return line === undefined ? {} : { line };
  };
  findUnknownKeys(content, (path, message) => problems.push({ ...at(path), message }));
  const settings = readSettings(sources, content, (path, message) =>
    problems.push(path === undefined ? { message } : { ...at(path), message }),
  );
  const gateways = readGateways(content, (path, message) => problems.push({ ...at(path), message }));
  if (problems.length > 0) throw new ConfigError(file?.path, problems);
  return { settings, gateways };
}

function parseFile({ path, text }: { readonly path: string; readonly text: string }): Table {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? '';
    throw new ConfigError(path, [{ line: error.line, message: `${what}.\n${error.codeblock.trimEnd()}` }]);
  }
}

type Report = (path: string, message: string) => void;

function findUnknownKeys(content: Table, report: Report): void {
  const tables = new Map<string, string[]>();
  const top = ['gateway'];
  for (const { key } of SETTINGS) {
    const [table, name] = key.split('.');
    if (name === undefined) top.push(key);
    else if (table !== undefined) tables.set(table, [...(tables.get(table) ?? []), name]);
  }
  for (const [key, value] of Object.entries(content)) {
    const known = tables.get(key);
    if (top.includes(key)) continue;
    if (!known) {
      report(key, `unknown setting "${key}".${didYouMean(key, [...top, ...tables.keys()])}`);
      continue;
    }
    if (!isTable(value)) {
      report(key, `"${key}" is a table: write [${key}] on a line of its own and its settings below.`);
      continue;
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name))
        report(`${key}.${name}`, `unknown setting "${name}" in [${key}].${didYouMean(name, known)}`);
    }
  }
}

function readSettings(
  { flags, environment }: ConfigSources,
  content: Table,
  report: (path: string | undefined, message: string) => void,
): Settings {
  const values: Record<string, unknown> = {};
  for (const setting of SETTINGS) {
    const { key } = setting;
    const flag = flags[flagOf(setting)];
    const variable = environment[environmentNameOf(setting)];
    const given = flag ?? variable;
    const [raw, source] =
      given === undefined
        ? [findInFile(content, key) ?? setting.default, key]
        : [fromText(setting, given), flag === undefined ? environmentNameOf(setting) : `--${flagOf(setting)}`];
    const parsed = SETTING_SCHEMAS[key as SettingKey].safeParse(raw);
    if (parsed.success) values[key] = parsed.data;
    else
      report(
        given === undefined ? key : undefined,
        `${source} = ${JSON.stringify(raw)}: ${firstIssue(parsed.error)}${unitOf(setting)}`,
      );
  }
  return values as Settings;
}

function findInFile(content: Table, key: string): unknown {
  const [table, name] = key.split('.');
  const outer = content[table ?? ''];
  return name === undefined ? outer : isTable(outer) ? outer[name] : undefined;
}

function fromText({ kind }: Setting, text: string): unknown {
  if (kind === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

const unitOf = ({ unit }: Setting): string => (unit === undefined ? '' : ` (${unit})`);
const firstIssue = (error: z.ZodError): string => error.issues[0]?.message ?? 'not usable';

function readGateways(content: Table, report: Report): readonly GatewayConfig[] {
  const { gateway } = content;
  if (gateway === undefined) return [];
  if (!Array.isArray(gateway)) {
    report('gateway', 'each gateway is a table of its own: write [[gateway]] with two brackets.');
    return [];
  }
  const read = gateway.flatMap((entry: unknown, i) =>
    readGateway(entry, (name, message) => report(`gateway[${i}].${name}`, message)),
  );
  const seen = new Set<string>();
  read.forEach(({ eui }, i) => {
    if (seen.has(eui)) report(`gateway[${i}].eui`, `gateway ${eui} is there twice: one gateway is one hotspot.`);
    seen.add(eui);
  });
  return read;
}

function readGateway(entry: unknown, report: Report): readonly GatewayConfig[] {
  const id = isTable(entry) && typeof entry['id'] === 'string' ? entry['id'] : '';
  const kind = parseId(id)?.kind === 'survey_device' ? 'survey_device' : 'hotspot';
  const parsed = kind === 'hotspot' ? HOTSPOT_GATEWAY.safeParse(entry) : SURVEY_GATEWAY.safeParse(entry);
  if (parsed.success) return [{ kind, ...parsed.data } as GatewayConfig];
  const known = GATEWAY_FIELDS.map(({ name }) => name);
  for (const issue of parsed.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const isOther = known.includes(key)
          ? ` It does not belong to a ${kind.replace('_', ' ')}.`
          : didYouMean(key, known);
        report(key, `unknown setting "${key}" in [[gateway]].${isOther}`);
      }
      continue;
    }
    const name = String(issue.path[0] ?? '');
    const help = GATEWAY_FIELDS.find((field) => field.name === name)?.help;
    report(name, `${name}: ${issue.message}${help === undefined ? '' : ` (${help})`}`);
  }
  return [];
}
