import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatId, unixMs } from '../protocol/index.ts';
import { findClockProblem } from './clock-advice.ts';
import { NetworkFactsError, parseNetworkAnswer, parsePinnedNetwork } from './network-facts.ts';

const key = new Uint8Array(32).fill(7);
const answer = {
  networkId: 'brno',
  ruleSet: 1,
  ruleSetId: '11'.repeat(32),
  serverTimeMs: 1_700_000_000_000,
  timing: {
    genesisMs: 1_690_000_000_000,
    slotMs: 60_000,
    roundMs: 21_600_000,
    epochMs: 86_400_000,
    clockMarginMs: 120_000,
    epochGraceMs: 300_000,
  },
  validators: [
    {
      id: formatId('validator', key),
      origin: 'brno/log',
      chainAnchor: '22'.repeat(32),
      firstRound: 0,
      owner: `0x${'33'.repeat(20)}`,
      brokerUrl: 'mqtts://oracle.example:8883',
      needsBrokerSession: false,
    },
  ],
  hotspots: 12,
};

const withBroker = (brokerUrl: string) => ({
  ...answer,
  validators: answer.validators.map((one) => ({ ...one, brokerUrl })),
});

describe('what the network answers', () => {
  it('is read, and what is pinned of it reads the same', () => {
    const { facts, json, serverTimeMs } = parseNetworkAnswer(answer);
    expect(facts).toMatchObject({ networkId: 'brno', validators: [{ logKey: key, origin: 'brno/log' }] });
    expect(serverTimeMs).toBe(1_700_000_000_000);
    expect(json).not.toHaveProperty('hotspots');
    expect(json).not.toHaveProperty('serverTimeMs');
    expect(parsePinnedNetwork(JSON.parse(JSON.stringify(json)))).toEqual(facts);
  });

  it.each(['mqtt://127.0.0.1:1883', 'mqtt://localhost:1883', 'mqtt://[::1]:1883', 'mqtts://oracle.example'])(
    'may name the broker %s',
    (url) => {
      expect(parseNetworkAnswer(withBroker(url)).facts.validators[0]?.brokerUrl).toBe(url);
    },
  );

  it.each(['mqtt://oracle.example:1883', 'mqtt://127.0.0.1.evil.example', 'http://oracle.example', 'mqtt://', 'x'])(
    'may not name the broker %s',
    (url) => {
      expect(() => parseNetworkAnswer(withBroker(url))).toThrow(NetworkFactsError);
    },
  );

  it('with an impossible time grid is refused', () => {
    expect(() => parseNetworkAnswer({ ...answer, timing: { ...answer.timing, slotMs: 7 } })).toThrow(NetworkFactsError);
  });

  it('of any shape is read or refused, nothing else', () => {
    const broken = fc
      .constantFrom(...Object.keys(answer))
      .chain((name) => fc.jsonValue().map((value) => ({ ...answer, [name]: value })));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), broken), (value) => {
        try {
          parseNetworkAnswer(value);
        } catch (error) {
          expect(error).toBeInstanceOf(NetworkFactsError);
        }
      }),
    );
  });
});

it('a clock is wrong from W or two minutes on, and how far is said', () => {
  const { timing } = parseNetworkAnswer(answer).facts;
  const at = (offsetMs: number) =>
    findClockProblem(timing, unixMs(1_700_000_000_000 + offsetMs), unixMs(1_700_000_000_000));
  expect(at(120_000)).toBeUndefined();
  expect(at(-120_000)).toBeUndefined();
  expect(at(120_001)).toContain('2 min ahead');
  expect(at(-3_600_000)).toContain('60 min behind');
  expect(at(90_000_000)).toContain('25 h 0 min ahead');
});
