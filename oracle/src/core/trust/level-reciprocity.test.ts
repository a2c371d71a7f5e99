import { describe, expect, it } from 'vitest';
import type { NetworkEvidence } from '../location/evidence.ts';
import { findOneSidedLevels } from './level-reciprocity.ts';
import { openLinkBook } from './link-book.ts';
import { sampleEvidence, townCells } from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';

const honest = sampleEvidence(townCells(40, 8_000, 5).map((claimed) => ({ claimed })));
const find = (evidence: NetworkEvidence, trust: (radio: number) => number = () => 10_000) =>
  findOneSidedLevels(
    openLinkBook(evidence, new Map()),
    evidence.radios.map((_, i) => trust(i)),
    TRUST_NUMBERS,
  );

/** The losses others report of one sender are off by so much. */
const overPowered = (
  sender: number,
  byDdb: number,
  only: (receiver: number) => boolean = () => true,
): NetworkEvidence => ({
  ...honest,
  links: honest.links.map((link) =>
    link.sender === sender && only(link.receiver)
      ? { ...link, sumLossDdb: link.sumLossDdb - byDdb * link.count }
      : link,
  ),
});

describe('the two directions of a path', () => {
  it('agree among honest hotspots', () => {
    expect(find(honest)).toEqual([]);
  });

  it('do not when one sends 25 dB more than it says', () => {
    const found = find(overPowered(3, 250));
    expect(found.map(({ code, radios }) => [code, radios])).toEqual([['levels_not_reciprocal', [3]]]);
    const [pairs, difference] = found[0]?.checks ?? [];
    expect(pairs).toMatchObject({ check: 'reciprocal_pairs', limit: 10 });
    expect(difference).toMatchObject({ check: 'loss_out_less_in', limit: 120, unit: 'ddB' });
    expect(difference?.observed).toBeGreaterThan(120);
  });

  it('are compared after the gain of each antenna', () => {
    const strong = overPowered(3, 250);
    const radios = strong.radios.map((radio, i) => (i === 3 ? { ...radio, antennaGainDdbi: -250 } : radio));
    expect(find({ ...strong, radios })).toEqual([]);
  });

  it('are not made to differ by hotspots nobody trusts', () => {
    const liars = (radio: number): boolean => radio >= 20;
    expect(find(overPowered(3, 900, liars), (radio) => (liars(radio) ? 0 : 10_000))).toEqual([]);
    expect(find(overPowered(3, 900, liars))).not.toEqual([]);
  });
});
