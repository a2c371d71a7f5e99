import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REGION_PLANS } from '../protocol/index.ts';
import {
  type Answer,
  cellOf,
  defaultLevels,
  parseEui,
  parseGain,
  parseLevels,
  parseLocation,
  parseMetres,
  parseNetworkUrl,
  parseOwner,
  parseRegion,
  parseResolution,
} from './init-answers.ts';
import { Questionnaire } from './init-questions.ts';
import { readWishes } from './init-wishes.ts';

const height = parseMetres('height above ground', 0, 150);

describe('answers', () => {
  it.each<[string, Answer<unknown>, unknown]>([
    ['a place', parseLocation('49.1951, 16.6068'), { latitudeDeg: 49.1951, longitudeDeg: 16.6068 }],
    ['a place in the south and west', parseLocation('-33.45 -70.66'), { latitudeDeg: -33.45, longitudeDeg: -70.66 }],
    ['a region', parseRegion('us915-fsb2'), REGION_PLANS.US915_FSB2],
    ['a network', parseNetworkUrl('https://oracle.example/map?x=1'), 'https://oracle.example'],
    ['a height with its unit', height('12.4 m'), 12],
    ['a gain', parseGain('5.85 dBi'), 5.9],
    ['levels in any order', parseLevels('14, 12,14'), [12, 14]],
    ['a gateway ID with dashes', parseEui('AA-55-5A-00-00-00-00-01'), 'aa555a0000000001'],
    ['a resolution', parseResolution('8'), 8],
  ])('%s is read', (_name, answer, value) => {
    expect(answer).toEqual({ ok: true, value });
  });

  it.each<[string, Answer<unknown>, string]>([
    ['a latitude beyond the pole', parseLocation('91,16'), 'latitude and longitude'],
    ['null island', parseLocation('0,0'), 'ocean'],
    ['words for a place', parseLocation('Brno'), 'latitude and longitude'],
    ['an unknown region', parseRegion('EU869'), 'Did you mean "EU868"? Known: EU868, US915_FSB2'],
    ['an inherited name', parseRegion('constructor'), 'Known:'],
    ['a file', parseNetworkUrl('file:///etc/passwd'), 'https://'],
    ['a mast', height('800'), '0 to 150'],
    ['no height', height(''), '0 to 150'],
    ['a dish', parseGain('30'), '15'],
    ['no levels', parseLevels(''), 'e.g. 12,14'],
    ['a fine resolution', parseResolution('12'), '8, 9 or 10'],
    ['an address with a wrong checksum', parseOwner('0x52908400098527886E0F7030069857D2E4169ee7'), 'checksum'],
    ['half an address', parseOwner('0x5290'), '40 hex digits'],
  ])('%s is refused with what would be right', (_name, answer, words) => {
    expect(answer.ok).toBe(false);
    if (!answer.ok) expect(answer.problem).toContain(words);
  });

  // The examples of EIP-55.
  it.each([
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0xde709f2102306220921060314715629080e2fb77',
  ])('%s is an address', (text) => {
    const answer = parseOwner(text);
    expect(answer.ok && Buffer.from(answer.value).toString('hex')).toBe(text.slice(2).toLowerCase());
  });

  it('never throw on any text', () => {
    const parsers = [
      parseLocation,
      parseRegion,
      parseNetworkUrl,
      height,
      parseGain,
      parseLevels,
      parseEui,
      parseResolution,
      parseOwner,
    ];
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...parsers), (text, parse) => {
        parse(text);
      }),
    );
  });

  it('the cell is the one of the place, and default levels are legal', () => {
    expect(cellOf({ latitudeDeg: 37.775938728915946, longitudeDeg: -122.41795063018799 }, 9)).toBe('8928308280fffff');
    for (const plan of Object.values(REGION_PLANS)) {
      for (const gain of [-2, 2, 6, 12]) {
        for (const level of defaultLevels(plan, gain)) expect(level + gain).toBeLessThanOrEqual(plan.maxEirpDdbm / 10);
      }
    }
  });
});

describe('questions', () => {
  it('are asked until the answer is one, and only for what no flag says', async () => {
    const asked: string[] = [];
    const complaints: string[] = [];
    const answers = ['nowhere', '49.1951,16.6068', '1000', '12', '240'];
    const terminal = {
      isInteractive: true,
      hasColour: false,
      say: () => undefined,
      complain: (text: string) => void complaints.push(text),
      ask: async (question: string) => {
        asked.push(question);
        return answers.shift() ?? '';
      },
    };
    const flags = {
      network: 'https://oracle.example',
      invitation: 'x',
      owner: '0x52908400098527886E0F7030069857D2E4169EE7',
      'gateway-eui': 'aa555a0000000001',
      region: 'KR920',
    };
    const wishes = await readWishes(new Questionnaire(flags, terminal));
    expect(wishes).toMatchObject({
      kind: 'hotspot',
      fields: { region: 'KR920', antenna_height_m: 12, listen_only: true },
    });
    expect(asked).toHaveLength(5);
    expect(complaints).toHaveLength(2);
  });
});
