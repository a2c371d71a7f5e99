/**
 * The line (from 1) on which each key of a TOML text is set, by path: `semtech_udp.port`, `gateway[1].region`. Tables by
 * their own path. Only the plain ways of writing are understood, one key a line: enough to point at a mistake.
 */
export function tomlLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = '';
  text.split(/\r?\n/).forEach((content, i) => {
    const header = /^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?/.exec(content);
    if (header) {
      const [, bracket, name] = header as unknown as [string, string, string];
      const index = counts.get(name) ?? 0;
      if (bracket === '[[') counts.set(name, index + 1);
      table = bracket === '[[' ? `${name}[${index}]` : name;
      lines.set(table, i + 1);
      return;
    }
    const key = /^\s*"?([\w.-]+)"?\s*=/.exec(content)?.[1];
    if (key !== undefined) lines.set(table === '' ? key : `${table}.${key}`, i + 1);
  });
  return lines;
}
