import { describe, expect, it } from 'vitest';
import type { LinkStatistic, NetworkEvidence } from '../location/evidence.ts';
import { findLateBothWays } from './late-both-ways.ts';
import { openLinkBook } from './link-book.ts';
import { sampleEvidence, townCells } from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';

const honest = sampleEvidence(townCells(40, 8_000, 5).map((claimed) => ({ claimed })));
const trusted = honest.radios.map(() => 10_000);
const find = (evidence: NetworkEvidence, trust = trusted) =>
  findLateBothWays(openLinkBook(evidence, new Map()), trust, TRUST_NUMBERS);

/** The same links, each reception later by so much. */
const delayed = (byMs: (link: LinkStatistic) => number): NetworkEvidence => ({
  ...honest,
  links: honest.links.map((link) => ({ ...link, sumDelayMs: byMs(link) * link.count })),
});

/** Hotspot 3 hears, and is heard, so much later than it is sent. */
const late = (inMs: number, outMs: number) =>
  delayed(({ sender, receiver }) => (receiver === 3 ? inMs : sender === 3 ? outMs : 0));

describe('delays both ways', () => {
  it('are none with clocks that are wrong: one direction is early by as much as the other is late', () => {
    expect(find(honest)).toEqual([]);
    expect(find(late(1_900, -1_900))).toEqual([]);
    expect(find(late(-1_900, 1_900))).toEqual([]);
    // Every clock another: up to 400 ms off, by number.
    const clocks = delayed(({ sender, receiver }) => 20 * receiver - 20 * sender);
    expect(find(clocks)).toEqual([]);
  });

  it('are those of what is recorded and sent again', () => {
    const [found, ...others] = find(late(1_400, 1_300));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: 'late_both_ways', radios: [3] });
    expect(found?.checks.map(({ check }) => check)).toEqual([
      'late_links',
      'heard_later_than_others',
      'delay_both_ways',
    ]);
    expect(found?.checks[1]).toMatchObject({ observed: 1_400, limit: 500, margin: 900, unit: 'ms' });
    expect(found?.checks[2]).toMatchObject({ observed: 2_700, limit: 400, margin: -2_300, unit: 'ms' });
    // A gateway of the older kind sends a second after it said so, and others hear it so.
    expect(find(late(100, 1_100))).toEqual([]);
    expect(find(late(100, 1_600)).flatMap(({ radios }) => radios)).toEqual([3]);
    expect(find(delayed(({ sender }) => (sender % 2 === 1 ? 1_050 : 50)))).toEqual([]);
  });

  it('are no sign where a place is proven and a third of its links come in time: somebody repeats a city beside it', () => {
    const isInTime = ({ sender, receiver }: LinkStatistic): boolean => (sender === 3 ? receiver : sender) % 3 === 0;
    const beside = delayed((link) => ((link.sender === 3 || link.receiver === 3) && !isInTime(link) ? 1_400 : 0));
    const accused = (evidence: NetworkEvidence) => find(evidence).flatMap(({ radios }) => radios);
    const withProven = (evidence: NetworkEvidence, location: 'valid' | 'insufficient'): NetworkEvidence => ({
      ...evidence,
      radios: evidence.radios.map((radio) => ({ ...radio, anchor: false })),
      standings: evidence.standings.map((standing) => ({ ...standing, location })),
    });
    expect(accused(withProven(beside, 'valid'))).toEqual([]);
    expect(accused(withProven(beside, 'insufficient'))).toEqual([3]);
    expect(accused(withProven(late(1_400, 1_300), 'valid'))).toEqual([3]);
  });

  it('are not by what strangers say, nor by three others with wrong clocks', () => {
    const ofFew = delayed(({ sender, receiver }) => (receiver === 3 && sender < 3 ? 1_900 : 0));
    expect(find(ofFew)).toEqual([]);
    const strangers = honest.radios.map((_, i) => (i === 3 ? 10_000 : 0));
    expect(find(late(1_400, 1_300), strangers)).toEqual([]);
  });

  it('are found though accomplices that came with it hear it at once', () => {
    const farm = [...honest.radios.keys()].slice(15);
    const evidence = delayed(({ sender, receiver }) => (farm.includes(sender) === farm.includes(receiver) ? 0 : 1_000));
    const radios = evidence.radios.map((radio, i) => (farm.includes(i) ? { ...radio, fromEpoch: 14 } : radio));
    const found = find({ ...evidence, radios }).flatMap(({ radios: accused }) => accused);
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter((radio) => !farm.includes(radio))).toEqual([]);
  });
});
