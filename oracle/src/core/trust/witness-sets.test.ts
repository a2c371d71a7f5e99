import { describe, expect, it } from 'vitest';
import { openLinkBook } from './link-book.ts';
import { cellAt, SAMPLE_RADIO, type SamplePlace, sampleEvidence, townCells } from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';
import { findAlikeWitnessSets } from './witness-sets.ts';

const find = (places: readonly SamplePlace[], seed = 1) =>
  findAlikeWitnessSets(openLinkBook(sampleEvidence(places, { ...SAMPLE_RADIO, seed }), new Map()), TRUST_NUMBERS);

const town = townCells(50, 6_000, 9).map((claimed): SamplePlace => ({ claimed }));

describe('witness sets', () => {
  it('are no twins in a dense city, where everybody hears everybody', () => {
    for (let seed = 1; seed <= 5; seed++) expect(find(town, seed)).toEqual([]);
  });

  it('are when a forwarder feeds three keys that claim places kilometres apart', () => {
    const first = sampleEvidence([...town, ...[0, 1, 2].map((i) => ({ claimed: cellAt(8_000 * i, 15_000) }))]);
    const copy = (radio: number) =>
      first.links
        .filter(({ receiver }) => receiver === 50)
        .filter(({ sender }) => sender < 50)
        .map((link) => ({ ...link, receiver: radio, sumLossDdb: link.sumLossDdb + 60 * link.count }));
    const kept = first.links.filter(({ receiver }) => receiver < 51);
    const evidence = { ...first, links: [...kept, ...copy(51), ...copy(52)] };
    const found = findAlikeWitnessSets(openLinkBook(evidence, new Map()), TRUST_NUMBERS);
    expect(found.map(({ radios }) => radios)).toEqual([[50, 51, 52]]);
    const names = found[0]?.checks.map(({ check }) => check);
    expect(names).toEqual(['claimed_apart', 'common_links', 'witness_overlap', 'level_difference_spread']);
    expect(found[0]?.checks[0]?.observed).toBeGreaterThan(2_000);
  });

  it('are not when the twins stand on one roof and say so', () => {
    const roof = [cellAt(3_000, 3_000), cellAt(3_300, 3_000)].map((claimed) => ({
      claimed,
      true: cellAt(3_000, 3_000),
    }));
    expect(find([...town, ...roof])).toEqual([]);
  });
});
