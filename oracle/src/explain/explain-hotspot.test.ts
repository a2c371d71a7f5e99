import { ACCUSATION_CODES } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { INITIAL_STANDING, type LocationVerdict, PRODUCTION_TIMING, ruleSet2, type Standing } from '../core/index.ts';
import { explainHotspot } from './explain-hotspot.ts';
import type { HotspotAccount } from './hotspot-account.ts';
import { wordsOf } from './sentences.ts';

const RULES = ruleSet2(PRODUCTION_TIMING);
const key = new Uint8Array(32).fill(7);
const otherKey = new Uint8Array(32).fill(8);
const cell = 0x891e24ac933ffffn;

const location: LocationVerdict = {
  radio: 0,
  key,
  cell,
  outcome: 'insufficient',
  reason: 'location_doubted',
  checks: [
    { check: 'likelihood_gap', observed: 8_250_000, limit: 6_900_000, margin: -1_350_000, unit: 'micronat' },
    { check: 'witness_cells', observed: 9, limit: 4, margin: 5, unit: 'count' },
  ],
  gapMicronats: 8_250_000,
  likeliestCell: 0x881e24a89bfffffn,
  region: [0x871e24ac9ffffffn],
  witnesses: [1, 2],
  links: [
    {
      other: 1,
      otherKey,
      otherCell: 0x891e24ac9afffffn,
      kind: 'sent',
      lossDdb: 1312,
      expectedLossDdb: 1177,
      weight: 8_500,
      againstMicronats: 1_230_000,
    },
  ],
};
const standing: Standing = { ...INITIAL_STANDING, trust: 7_500, location: 'insufficient' };
const account: HotspotAccount = { key, epoch: 12, location, standing, rewards: [] };
const text = (change: Partial<HotspotAccount> = {}): string =>
  explainHotspot({ ...account, ...change }, RULES).join('\n');

describe('an explanation', () => {
  it('has every number the verdict rests on, in units people read', () => {
    for (const part of ['8.25 nats', 'limit 6.90 nats', '1.35 nats beyond it', 'limit 4', '5 inside it', '0.75 of 1']) {
      expect(text()).toContain(part);
    }
    for (const part of ['loss 131.2 dB', 'expected 117.7 dB', 'weight 0.85', 'against the claim by 1.23 nats']) {
      expect(text()).toContain(part);
    }
    expect(text()).toContain(wordsOf('location_doubted').advice);
  });

  it('tells by which law the losses are expected', () => {
    expect(text()).toContain('expected as measured in Brno');
    const law = { lossAtKmDdb: 1_280, exponentPercent: 240, sigmaDdb: 90 };
    const known = text({ location: { ...location, law } });
    for (const part of ['128.0 dB lost over 1 km', '24.0 dB more over ten times', '9.0 dB more or less']) {
      expect(known).toContain(part);
    }
  });

  it('tells how strong an accusation is, when it ends and where its appeal stands', () => {
    const checks = [{ check: 'residual_spread', observed: 13, limit: 20, margin: -7, unit: 'ddB' }] as const;
    const accusation = { code: 'residual_spread_narrow', epoch: 5, epochs: 4, checks } as const;
    const appealed = { ...accusation, appeal: { epoch: 11, reviews: [{ validator: 0, ruling: 'upheld' }] } } as const;
    const words = text({ standing: { ...standing, accusations: [appealed] } });
    // 28 epochs of decay, seven of them over.
    for (const part of ['Accused of residual_spread_narrow', '1.3 dB', 'takes 0.75 of its pay', 'until epoch 18']) {
      expect(words).toContain(part);
    }
    const fresh = text({ standing: { ...standing, accusations: [{ ...accusation, epoch: 12, epochs: 1 }] } });
    expect(fresh).toContain('Suspected of residual_spread_narrow');
    expect(fresh).toContain('takes 1.00 of its pay');
  });

  it('tells what is paid, held and released', () => {
    const line = { rewardClass: 'witness', key, shares: 1n, count: 1, densityScale: 10_000 } as const;
    const rewards = [
      { ...line, amount: 12_345n * 10n ** 15n, held: false },
      { ...line, amount: 5n * 10n ** 17n, held: true },
    ];
    const release = { key, amount: 10n ** 18n };
    const words = text({
      rewards,
      release,
      standing: { ...standing, grace: { epochs: 2, held: 10n ** 17n, over: false } },
    });
    for (const part of ['12.3450 tokens', '0.5000 tokens held', '1.0000 tokens of earlier', '2 of 7 epochs']) {
      expect(words).toContain(part);
    }
  });

  it('is there for a hotspot without a place, and for one nobody knows', () => {
    const { location: _, ...placeless } = account;
    expect(explainHotspot(placeless, RULES).join('\n')).toContain('No location assertion');
    const { standing: __, ...unknown } = placeless;
    expect(explainHotspot(unknown, RULES).join('\n')).toContain('no such hotspot');
  });

  it('has words of its own for whatever can be held against a hotspot', () => {
    for (const code of ACCUSATION_CODES) expect(wordsOf(code).what).not.toContain(code);
  });

  it('says whose it is, and that a frozen one or one without its deposit earns nothing', () => {
    const owner = new Uint8Array(20).fill(0xaa);
    const ownership = { owner, payout: new Uint8Array(20).fill(0xbb), frozen: true, block: 77 };
    const frozen = text({ ownership });
    for (const part of ['0xaaaa', '0xbbbb', 'block 77', 'frozen: it earns nothing', '--undo']) {
      expect(frozen).toContain(part);
    }
    expect(text({ ownership: { owner, block: 77 } })).toContain('not in the registry');
    expect(text({ ownership: { block: 77 } })).toContain('Its deposit has left the registry by block 77');
    expect(text()).not.toContain('Owner');
  });
});
