import { parse } from 'yaml';
import { readRepositoryFile } from './repository.ts';

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly secrets?: readonly string[];
  readonly group_add?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly timeout: string };
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly read_only: boolean;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** `${NAME:?message}`, `${NAME-…}` or `$$`, as the Compose specification writes them. */
const EXPRESSION = /\$\$|\$\{([A-Za-z_]\w*)([^}]*)\}|\$[A-Za-z_]\w*/g;

/** A place where a variable of the operator's is used. */
export interface VariableUse {
  readonly name: string;
  /** What stands behind the name: `:?` and a message when it must be set. */
  readonly operator: string;
}

export const composeText = readRepositoryFile('docker-compose.yml');

/** The file with its variables in it, as `docker compose config` would show it. */
export function readComposeFile(values: Readonly<Record<string, string>>): ComposeFile {
  const fill = (text: string): string =>
    text.replace(EXPRESSION, (found, name: string | undefined) => {
      if (found === '$$') return '$';
      const value = name === undefined ? undefined : values[name];
      if (value === undefined) throw new Error(`${found} has no value`);
      return value;
    });
  return mapTexts(parse(composeText, { merge: true }), fill) as ComposeFile;
}

/** Every use of a variable, in order. */
export function variableUses(): VariableUse[] {
  const uses: VariableUse[] = [];
  mapTexts(parse(composeText), (text) => {
    for (const [found, name, operator] of text.matchAll(EXPRESSION)) {
      if (found !== '$$') uses.push({ name: name ?? found, operator: operator ?? '' });
    }
    return text;
  });
  return uses;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member, change)]));
}
