import { Writable } from 'node:stream';

const LEVELS: Readonly<Record<number, readonly [name: string, colour: number]>> = {
  10: ['trace', 90],
  20: ['debug', 90],
  30: ['info', 32],
  40: ['warn', 33],
  50: ['error', 31],
  60: ['fatal', 31],
};

/** Written for machines, or shown in a place of its own. */
const HIDDEN: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'participant', 'pid', 'hostname', 'err', 'code']);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Fields as a person reads them: tenths become units, times of day stay times. */
function formatField(name: string, value: unknown): string {
  const tenths = /^(.*)(Ddbm|Ddb|Ddbi)$/.exec(name);
  if (tenths && typeof value === 'number') {
    const unit = tenths[2] === 'Ddbm' ? 'dBm' : tenths[2] === 'Ddbi' ? 'dBi' : 'dB';
    return `${tenths[1]} ${(value / 10).toFixed(1)} ${unit}`;
  }
  if (name === 'spreadingFactor') return `SF${textOf(value)}`;
  if (name === 'mhz') return `${textOf(value)} MHz`;
  if (name === 'roundOrIndex') return `#${textOf(value)}`;
  if (name.endsWith('AtMs') && typeof value === 'number')
    return `${name.slice(0, -4)} ${new Date(value).toISOString()}`;
  return `${name}=${textOf(value)}`;
}

/** One JSON line of pino → one line for a person. What is no JSON stays as it is. */
export function formatLogLine(line: string, hasColour: boolean): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const [level, colour] = LEVELS[Number(entry['level'])] ?? ['?', 0];
  const paint = (text: string, code: number): string => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const time = new Date(Number(entry['time'])).toISOString().slice(11, 19);
  const who = entry['participant'] === undefined ? '' : `${paint(textOf(entry['participant']), 36)}  `;
  const fields = Object.entries(entry).flatMap(([name, value]) => (HIDDEN.has(name) ? [] : [formatField(name, value)]));
  const details = fields.length === 0 ? '' : `  ${paint(fields.join('  '), 90)}`;
  return `${paint(time, 90)} ${paint(level.padEnd(5), colour)} ${who}${textOf(entry['msg'] ?? '')}${details}`;
}

/** Where pino writes for people. */
export function createPrettyStream(write: (text: string) => void, hasColour: boolean): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().split('\n')) if (line !== '') write(`${formatLogLine(line, hasColour)}\n`);
      done();
    },
  });
}
