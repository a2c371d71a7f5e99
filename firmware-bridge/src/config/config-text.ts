import { GATEWAY_FIELDS } from './gateway-config.ts';
import { SETTINGS } from './settings.ts';

/** A new configuration file: every setting with its unit and default, as a comment to be uncommented. */
export function newConfigText(networkUrl: string): string {
  const lines = [
    '# Configuration of sextant-bridge. Everything here has a default; flags and environment variables come first.',
    `network_url = ${JSON.stringify(networkUrl)}`,
  ];
  let table = '';
  for (const { key, default: fallback, unit, help } of SETTINGS) {
    const [group, name] = key.split('.');
    if (name === undefined || group === undefined) continue;
    if (group !== table) lines.push('', `[${group}]`);
    table = group;
    lines.push(`# ${help}${unit === undefined ? '' : ` (${unit})`}`);
    lines.push(fallback === undefined ? `# ${name} = ""` : `# ${name} = ${JSON.stringify(fallback)}`);
  }
  return `${lines.join('\n')}\n`;
}

const value = (field: unknown): string =>
  Array.isArray(field)
    ? `[${field.map(String).join(', ')}]`
    : typeof field === 'string'
      ? JSON.stringify(field)
      : String(field);

/** One `[[gateway]]` table, fields with their unit. `fields` as they stand in the file. */
export function gatewayTableText(fields: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(fields).flatMap(([name, field]) => {
    const help = GATEWAY_FIELDS.find((known) => known.name === name)?.help;
    return [...(help === undefined ? [] : [`# ${help}`]), `${name} = ${value(field)}`];
  });
  return `\n[[gateway]]\n${lines.join('\n')}\n`;
}
