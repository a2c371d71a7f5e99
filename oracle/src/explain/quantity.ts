import type { Check, CheckUnit } from '@sextant/firmware-bridge/protocol';

const fixed = (value: number, digits: number): string => value.toFixed(digits).replace(/^-/, '−');

const FORMATS: Readonly<Record<CheckUnit, (value: number) => string>> = {
  ddBm: (value) => `${fixed(value / 10, 1)} dBm`,
  ddB: (value) => `${fixed(value / 10, 1)} dB`,
  ddBi: (value) => `${fixed(value / 10, 1)} dBi`,
  m: (value) => (Math.abs(value) < 1000 ? `${value} m` : `${fixed(value / 1000, 1)} km`),
  ms: (value) => `${fixed(value / 1000, 3)} s`,
  us: (value) => `${value} µs`,
  Hz: (value) => `${value} Hz`,
  count: String,
  round: String,
  slot: String,
  epoch: String,
  bytes: (value) => `${value} B`,
  tenths: (value) => fixed(value / 10, 1),
  'dm/s': (value) => `${fixed(value / 10, 1)} m/s`,
  micronat: (value) => `${fixed(value / 1e6, 2)} nats`,
  permyriad: (value) => fixed(value / 10_000, 2),
};

/** A whole number of the core in the unit people read: 123 ddB → `12.3 dB`. */
export function quantity(value: number, unit: CheckUnit): string {
  return FORMATS[unit](value);
}

/** `12.3 dB, limit 20.0 dB, 7.7 dB beyond it`; what a check does not have is left out. */
export function comparison({ observed, limit, margin, unit }: Check): string {
  const beyond =
    margin === undefined ? undefined : `${quantity(Math.abs(margin), unit)} ${margin < 0 ? 'beyond' : 'inside'} it`;
  return [
    observed === undefined ? undefined : quantity(observed, unit),
    limit === undefined ? undefined : `limit ${quantity(limit, unit)}`,
    beyond,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
