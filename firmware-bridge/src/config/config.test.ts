import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatId } from '../protocol/index.ts';
import { ConfigError } from './config-error.ts';
import { type ConfigSources, loadConfig } from './load-config.ts';
import { environmentNameOf, flagOf, SETTING_SCHEMAS, SETTINGS } from './settings.ts';
import { suggest } from './suggest.ts';

const HOTSPOT = formatId('hotspot', new Uint8Array(32).fill(1));
const SURVEY = formatId('survey_device', new Uint8Array(32).fill(2));

const gateway = `
[[gateway]]
id = "${HOTSPOT}"
eui = "AA-55-5A-00-00-00-00-01"
region = "eu868"
cell = "891e2659c3bffff"
antenna_height_m = 12
altitude_m = 240
antenna_gain_dbi = 2.1
tx_power_levels_dbm = [12, 14]
`;

const load = (text: string, more: Partial<ConfigSources> = {}) =>
  loadConfig({ flags: {}, environment: {}, file: { path: 'bridge.toml', text }, ...more });

function problemsOf(text: string, more: Partial<ConfigSources> = {}): { line?: number; message: string }[] {
  try {
    load(text, more);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('have a schema, a default that passes it, and a unit where they are numbers', () => {
    expect(SETTINGS.map(({ key }) => key).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      Object.keys(SETTING_SCHEMAS).sort((a, b) => (a < b ? -1 : 1)),
    );
    for (const setting of SETTINGS) {
      const schema = SETTING_SCHEMAS[setting.key as keyof typeof SETTING_SCHEMAS];
      expect(schema.safeParse(setting.default).success, setting.key).toBe(true);
      if (setting.kind === 'integer') expect(setting.unit, setting.key).toBeDefined();
    }
  });

  it('come from flags before environment before file before default', () => {
    const text = '[semtech_udp]\nport = 3\n';
    const portWith = (more: Partial<ConfigSources>) => load(text, more).settings['semtech_udp.port'];
    const environment = { SEXTANT_SEMTECH_UDP_PORT: '2' };
    expect(portWith({ flags: { 'semtech-udp-port': '1' }, environment })).toBe(1);
    expect(portWith({ environment })).toBe(2);
    expect(portWith({})).toBe(3);
    expect(loadConfig({ flags: {}, environment: {} }).settings['semtech_udp.port']).toBe(1_700);
  });

  it('that are wrong are named by where they came from', () => {
    expect(problemsOf('[semtech_udp]\n\nport = 70000\n')[0]).toMatchObject({
      line: 3,
      message: expect.stringContaining('port'),
    });
    expect(problemsOf('', { flags: { 'outbox-max-size': 'big' } })[0]?.message).toContain('--outbox-max-size');
    expect(problemsOf('', { environment: { SEXTANT_LOG_LEVEL: 'loud' } })[0]?.message).toContain('SEXTANT_LOG_LEVEL');
    expect(flagOf({ key: 'semtech_udp.port' } as never)).toBe('semtech-udp-port');
    expect(environmentNameOf({ key: 'semtech_udp.port' } as never)).toBe('SEXTANT_SEMTECH_UDP_PORT');
  });
});

describe('a gateway', () => {
  it('of a hotspot and of a survey device are read, with defaults', () => {
    const survey = `[[gateway]]\nid = "${SURVEY}"\neui = "0000000000000002"\nregion = "US915_FSB2"\nantenna_gain_dbi = 0\ntx_power_levels_dbm = [20]\ngpsd = "[::1]:2948"\n`;
    expect(load(gateway + survey).gateways).toMatchObject([
      {
        kind: 'hotspot',
        id: HOTSPOT,
        eui: 'aa555a0000000001',
        region: 'EU868',
        listen_only: false,
        antenna_gain_dbi: 2.1,
      },
      { kind: 'survey_device', id: SURVEY, interval_s: 30, gpsd: { host: '::1', port: 2_948 } },
    ]);
  });

  it.each([
    ['a misspelt key', ['region', 'regoin'], 5, 'Did you mean "region"'],
    ['an unknown region', ['"eu868"', '"EU867"'], 5, 'Did you mean "EU868"? Known: EU868, US915_FSB2'],
    ['a mistyped id', [HOTSPOT, HOTSPOT.replace('1q', '1p')], 3, 'mistyped'],
    ['a gateway ID that is none', ['AA-55-5A-00-00-00-00-01', 'aa55'], 4, '16 hex digits'],
    ['a cell of another resolution', ['891e2659c3bffff', '871e2659bffffff'], 6, 'resolution'],
    ['a cell that is none', ['891e2659c3bffff', 'here'], 6, 'H3 cell'],
    ['an antenna on a mountain of its own', ['= 12', '= 1200'], 7, 'antenna_height_m'],
    ['unsorted levels', ['[12, 14]', '[14, 12]'], 10, 'ascending'],
    ['a gain finer than a tenth', ['2.1', '2.15'], 9, 'tenth'],
    [
      'a setting of the other kind',
      ['altitude_m = 240', 'altitude_m = 240\ngpsd = "x:1"'],
      9,
      'does not belong to a hotspot',
    ],
    ['a missing line', ['altitude_m = 240', ''], 2, 'altitude_m'],
  ] as const)('with %s is refused with the line and what would be right', (_name, [from, to], line, words) => {
    const problems = problemsOf(gateway.replace(from, to));
    expect(problems.map((problem) => problem.line)).toContain(line);
    expect(problems.map(({ message }) => message).join('\n')).toContain(words);
  });

  it('twice is refused', () => {
    expect(problemsOf(gateway + gateway)[0]).toMatchObject({ message: expect.stringContaining('twice') });
  });
});

describe('a file', () => {
  it.each([
    ['no TOML', 'a = \nb = 1', 1, 'bridge.toml:1:'],
    ['an unknown table', '\n[semtech_upd]\nport = 1', 2, 'Did you mean "semtech_udp"'],
    ['an unknown key in a table', '[outbox]\nmaxsize = 3', 2, 'Did you mean "max_size"'],
    ['one bracket for a gateway', '[gateway]\nid = "x"', 1, 'two brackets'],
    ['a value in place of a table', 'outbox = 5', 1, 'is a table'],
  ])('with %s is refused with its line', (_name, text, line, words) => {
    expect(problemsOf(text)[0]?.line).toBe(line);
    expect(() => load(text)).toThrow(words);
  });

  it('of any content is read or refused, nothing else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.constantFrom('', gateway), (text, before) => {
        problemsOf(before + text);
      }),
    );
  });
});

it('suggests only what is near', () => {
  expect(suggest('prot', ['port', 'address'])).toBe('port');
  expect(suggest('gateway-eui', ['gateway_eui'])).toBe('gateway_eui');
  expect(suggest('zzz', ['port', 'address'])).toBeUndefined();
});
