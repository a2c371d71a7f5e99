import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createPrettyStream, formatLogLine } from './pretty-log.ts';

it('writes one line a person can read, tenths as units, no colour unless asked', () => {
  const lines: string[] = [];
  const stream = createPrettyStream((text) => lines.push(text), false);
  const logger = pino({ base: null, timestamp: () => ',"time":1700000000000' }, stream).child({
    participant: 'amber-lunar-fox',
  });
  logger.info({ rssiDdbm: -1_050, snrDdb: -35, spreadingFactor: 9, tag: '0a0b0c0d' }, 'beacon heard');
  logger.warn({ reason: 'airtime' }, 'nothing sent');
  expect(lines).toEqual([
    '22:13:20 info  amber-lunar-fox  beacon heard  rssi -105.0 dBm  snr -3.5 dB  SF9  tag=0a0b0c0d\n',
    '22:13:20 warn  amber-lunar-fox  nothing sent  reason=airtime\n',
  ]);
  expect(formatLogLine('{"level":50,"time":0,"msg":"x"}', true)).toContain('\u001b[31m');
});

it('leaves what is no JSON as it is', () => {
  expect(formatLogLine('Warning: something', false)).toBe('Warning: something');
});
