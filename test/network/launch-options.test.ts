import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './durations.ts';
import { HELP, OptionError, parseLaunchOptions } from './launch-options.ts';

const parse = (line: string) => {
  const options = parseLaunchOptions(line === '' ? [] : line.split(' '));
  if (options === 'help') throw new Error('help');
  return options;
};

describe('the command line of npm start', () => {
  it('needs nothing', () => {
    expect(parse('')).toEqual({
      simulator: true,
      dataDirectory: './data',
      network: { roundMs: 60_000, epochMs: 300_000, ruleSet: 2 },
      city: { seed: 'sextant', hotspots: 60, cheaters: 8, cars: 6 },
      httpPort: 8_080,
      mqttPort: 1_883,
      udpPort: 1_700,
      chain: { kind: 'local', port: 8_545 },
      given: new Set(),
    });
  });

  it('takes what the issue of the first milestone writes', () => {
    expect(parse('--no-simulator').simulator).toBe(false);
    const options = parse('--epochs 2 --round 5s --epoch 20s --json summary.json');
    expect(options).toMatchObject({
      epochs: 2,
      jsonFile: 'summary.json',
      network: { roundMs: 5_000, epochMs: 20_000, ruleSet: 2 },
    });
    expect(options.given).toEqual(new Set(['epochs', 'round', 'epoch', 'json']));
  });

  it('settles on its own chain, on another, or on none', () => {
    expect(parse('--chain-port 0').chain).toEqual({ kind: 'local', port: 0 });
    expect(parse('--no-chain').chain).toBeUndefined();
    expect(parse('--chain http://a:1 --chain https://b --deployment d.json').chain).toEqual({
      kind: 'remote',
      rpcUrls: ['http://a:1', 'https://b'],
      deploymentFile: 'd.json',
    });
    for (const line of [
      '--chain http://a',
      '--deployment d.json',
      '--no-chain --chain http://a',
      '--chain a --deployment b',
    ])
      expect(() => parse(line)).toThrow(OptionError);
  });

  it('has no more cheaters than hotspots', () => {
    expect(parse('--hotspots 3').city).toMatchObject({ hotspots: 3, cheaters: 3 });
    expect(() => parse('--hotspots 3 --cheaters 4')).toThrow(OptionError);
  });

  it.each([
    '--round 5',
    '--round 1s',
    '--epoch 90s',
    '--epochs 0',
    '--epochs two',
    '--http-port 65536',
    '--cars -1',
    '--nonsense',
    'word',
    '--seed',
    '--json summary.json',
  ])('says what is wrong with %s', (line) => {
    expect(() => parse(line)).toThrow(OptionError);
  });

  it('explains every option it knows', () => {
    expect(parseLaunchOptions(['-h'])).toBe('help');
    const known = 'no-simulator epochs json data round epoch hotspots cheaters cars seed http-port mqtt-port udp-port';
    for (const name of known.split(' ')) expect(HELP).toContain(`--${name} `);
  });
});

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['5s', 5_000],
    ['5min', 300_000],
    ['5m', 300_000],
    ['6h', 21_600_000],
    ['5', undefined],
    ['-5s', undefined],
    ['5 s', undefined],
  ])('%s is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('are written for people', () => {
    expect([400, 9_949, 12_300, 99_400, 99_500, 245_000].map(formatDuration)).toEqual([
      '0.4 s',
      '9.9 s',
      '12 s',
      '99 s',
      '1 min 40 s',
      '4 min 05 s',
    ]);
  });
});
