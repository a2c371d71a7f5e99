import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  accusationWords,
  lawWords,
  likeliestWords,
  ownerCan,
  placeAnswer,
  residualText,
  trustWords,
  witnessWords,
} from './locations.ts';
import { residualClass } from './residuals.ts';

const link = { kind: 'sent', residualDdb: 0, againstMicronats: 0 } as const;

describe('links', () => {
  const law = { exponentPercent: 230, lossAtKmDdb: 1_310, sigmaDdb: 80 };

  it('are too strong or too weak beyond what hills and houses do there', () => {
    expect(residualClass({ ...link, residualDdb: 141 }, {})).toBe('strong');
    expect(residualClass({ ...link, residualDdb: 140 }, {})).toBe('expected');
    expect(residualClass({ ...link, residualDdb: -140 }, {})).toBe('expected');
    expect(residualClass({ ...link, kind: 'heard', residualDdb: -141 }, {})).toBe('weak');
    expect(residualClass({ ...link, residualDdb: 81 }, { law })).toBe('strong');
    expect(residualClass({ ...link, residualDdb: -80 }, { law })).toBe('expected');
  });

  it('are compared with what hotspots around hear, or with Brno', () => {
    expect(lawWords({ law }).replaceAll('\u00a0', ' ')).toBe(
      'Expected as proven hotspots around hear each other: 131.0 dB lost over 1 km, 23.0 dB more over ten times the distance, and 8.0 dB more or less on a link.',
    );
    expect(lawWords({})).toContain('as measured in Brno');
  });

  it('that do not exist have no level, and count where they speak against the place', () => {
    expect(residualClass({ kind: 'silent', residualDdb: -500, againstMicronats: 5 }, {})).toBe('weak');
    expect(residualClass({ kind: 'silent', residualDdb: -500, againstMicronats: -5 }, {})).toBe('expected');
    expect(residualText({ kind: 'silent', residualDdb: -500, againstMicronats: 5 })).toBe('not heard');
    expect(residualText({ ...link, residualDdb: 164 })).toBe('+16.4\u00a0dB');
    expect(residualText({ ...link, residualDdb: -164 })).toBe('−16.4\u00a0dB');
  });
});

describe('trust', () => {
  it('is said in witnesses, never more than there is', () => {
    expect(witnessWords({ witnesses: 12, witnessTrust: 92_999 })).toBe(
      '12 independent witnesses, together trusted as much as 9.2 of 12.',
    );
    expect(witnessWords({ witnesses: 12, witnessTrust: 119_999 })).toContain('as much as 11.9 of 12');
    expect(witnessWords({ witnesses: 1, witnessTrust: 10_000 })).toBe('1 independent witness, fully trusted.');
    expect(witnessWords({ witnesses: 0, witnessTrust: 0 })).toBe('No trusted witness yet.');
  });

  it('of its own is said in words and per cent', () => {
    expect([10_000, 9_999, 2_500, 2_499, 0].map(trustWords)).toEqual([
      'Fully trusted',
      'Largely trusted, 99 %',
      'Partly trusted, 25 %',
      'Hardly trusted, 24 %',
      'Not trusted yet',
    ]);
  });
});

describe('a place', () => {
  it('is proven, open, in doubt or refuted', () => {
    expect(placeAnswer({ outcome: 'valid', reason: 'none' })).toContain('Yes');
    expect(placeAnswer({ outcome: 'insufficient', reason: 'untrusted' })).toBe('Not proven yet.');
    expect(placeAnswer({ outcome: 'insufficient', reason: 'location_doubted' })).toContain('In doubt');
    expect(placeAnswer({ outcome: 'invalid', reason: 'location_refuted' })).toContain('No');
  });

  it('is not told apart from another one nearer than radio can tell', () => {
    expect(likeliestWords(4_999)).toContain('within 5 km');
    expect(likeliestWords(12_400)).toContain('12.4\u00a0km');
  });

  it('has something its owner can do for every reason that can stand against it', () => {
    const rules = readFileSync(new URL('../../../oracle/docs/rules.md', import.meta.url), 'utf8');
    const from = rules.slice(rules.indexOf('### too_few_witnesses'), rules.indexOf('## Appeals'));
    const reasons = [...from.matchAll(/^### ([a-z_]+)$/gm)].map(([, name = '']) => name);
    expect(reasons.length).toBeGreaterThan(8);
    expect(reasons.filter((reason) => ownerCan(reason as Parameters<typeof ownerCan>[0]) === undefined)).toEqual([]);
  });
});

it('says where an accusation stands, and until when', () => {
  const accusation = { accused: true, epochs: 3, endsEpoch: 31 };
  const appeal = { epoch: 4, lastReviewEpoch: 11, reviews: [] };
  expect(accusationWords({ accused: false, epochs: 1, endsEpoch: 5 })).toMatch(
    /^suspicion, borne out by 1 epoch, .* 5/,
  );
  expect(accusationWords(accusation)).toMatch(/^accusation, borne out by 3 epochs, until epoch 31/);
  expect(accusationWords({ ...accusation, appeal })).toContain('being reviewed until epoch 11');
  const dismissed = { ...appeal, ruling: 'dismissed', ruledEpoch: 5 } as const;
  expect(accusationWords({ ...accusation, accused: false, appeal: dismissed })).toContain(
    'in epoch 5: it counts no more',
  );
  expect(accusationWords({ ...accusation, appeal: { ...dismissed, ruling: 'upheld' } })).toContain('did not succeed');
});
