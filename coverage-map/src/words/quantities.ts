import type { AmountText, CheckUnit } from '@sextant/oracle/api';
import { TOKEN_DECIMALS } from '@sextant/oracle/api';

const MINUS = '−';
/** Between a number and its unit, so that they never part at the end of a line. */
const GAP = '\u00a0';

function decimal(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
}

/** 12345 → `12,345`. */
export const formatCount = (value: number): string => value.toLocaleString('en');

/** Tenths of dBm → `−104.3 dBm`. */
export const formatDdbm = (tenths: number): string => `${decimal(tenths / 10, 1)}${GAP}dBm`;

/** Tenths of dB → `6.8 dB`. */
export const formatDdb = (tenths: number): string => `${decimal(tenths / 10, 1)}${GAP}dB`;

/** Metres → `812 m`, `12.4 km`, `109 km`. */
export function formatMetres(metres: number): string {
  const size = Math.abs(metres);
  if (size < 1000) return `${decimal(metres, 0)}${GAP}m`;
  return `${decimal(metres / 1000, size < 100_000 ? 1 : 0)}${GAP}km`;
}

function formatHertz(hertz: number): string {
  const size = Math.abs(hertz);
  if (size >= 1e6) return `${decimal(hertz / 1e6, 3)}${GAP}MHz`;
  return size >= 1e3 ? `${decimal(hertz / 1e3, 1)}${GAP}kHz` : `${decimal(hertz, 0)}${GAP}Hz`;
}

const formatMs = (ms: number): string =>
  Math.abs(ms) >= 1000 ? `${decimal(ms / 1000, 1)}${GAP}s` : `${decimal(ms, 0)}${GAP}ms`;

const FORMATS: Readonly<Record<CheckUnit, (value: number) => string>> = {
  ddBm: formatDdbm,
  ddB: formatDdb,
  m: formatMetres,
  ms: formatMs,
  Hz: formatHertz,
  count: formatCount,
  round: formatCount,
  slot: formatCount,
  bytes: (value) => `${formatCount(value)}${GAP}B`,
  us: (value) => `${formatCount(value)}${GAP}µs`,
  tenths: (value) => decimal(value / 10, 1),
  ddBi: (value) => `${decimal(value / 10, 1)}${GAP}dBi`,
  epoch: formatCount,
  'dm/s': (value) => `${decimal(value / 10, 1)}${GAP}m/s`,
  micronat: (value) => `${decimal(value / 1e6, 2)}${GAP}nats`,
  permyriad: (value) => decimal(value / 10_000, 2),
};

/** A check's number in its unit. */
export const formatQuantity = (value: number, unit: CheckUnit): string => FORMATS[unit](value);

/** The difference of two levels in dBm is in dB. */
const marginUnit = (unit: CheckUnit): CheckUnit => (unit === 'ddBm' ? 'ddB' : unit);

/** Distance to the limit with its sign: `+6.8 dB` inside it, `−3.1 dB` beyond, `0` on it. */
export function formatMargin(margin: number, unit: CheckUnit): string {
  if (margin === 0) return '0';
  return `${margin > 0 ? '+' : ''}${formatQuantity(margin, marginUnit(unit))}`;
}

/** Base units → tokens with at most four decimals, cut, not rounded: nobody is shown more than there is. */
export function formatTokens(amount: AmountText): string {
  const digits = amount.padStart(TOKEN_DECIMALS + 1, '0');
  const whole = digits.slice(0, -TOKEN_DECIMALS);
  const rest = digits.slice(-TOKEN_DECIMALS);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  if (whole === '0' && /[1-9]/.test(rest) && rest.startsWith('0000')) return '< 0.0001';
  const shown = rest.slice(0, whole.length > 3 ? 2 : 4).replace(/0+$/, '');
  return shown === '' ? grouped : `${grouped}.${shown}`;
}

/** A number of things with its noun: `1 link`, `3 links`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : plural}`;
