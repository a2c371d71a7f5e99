import { describe, expect, it } from 'vitest';
import { FULL_TRUST, type LinkStatistic, type NetworkEvidence } from '../location/evidence.ts';
import { HearingCurve } from '../location/hearing-curve.ts';
import { receptionsOver, seeded } from '../location/samples/heard-town.ts';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { openLinkBook } from './link-book.ts';
import { withForged } from './samples/forged.ts';
import { IntegerRandom } from './samples/integer-random.ts';
import {
  cellAt,
  SAMPLE_RADIO,
  type SamplePlace,
  sampleEvidence,
  statisticOf,
  townCells,
} from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';
import { findAlikeWitnessSets } from './witness-sets.ts';

const hearing = new HearingCurve(ruleSet2(PRODUCTION_TIMING));
const find = (places: readonly SamplePlace[], seed = 1) =>
  findAlikeWitnessSets(
    openLinkBook(sampleEvidence(places, { ...SAMPLE_RADIO, seed }), new Map()),
    places.map(() => FULL_TRUST),
    TRUST_NUMBERS,
    hearing,
  );

const town = townCells(50, 6_000, 9).map((claimed): SamplePlace => ({ claimed }));

/** Ten keys, or fewer, of one antenna that have come to the town: each is heard so often on each of a few links, with fading. */
function gang(count: number, size = 10): NetworkEvidence {
  const members = Array.from({ length: size }, (_, i) => 50 + i);
  const roof = cellAt(3_000, 2_500);
  const claims = members.map((_, i) => ({ claimed: cellAt(9_000 + 2_600 * i, 9_000), true: roof }));
  const heard = sampleEvidence([...town, ...claims], { ...SAMPLE_RADIO, siteSpreadDdb: 0 });
  const paths = heard.links.filter(({ sender, receiver }) => sender === 50 && receiver < 50).slice(0, 14);
  const random = new IntegerRandom(11);
  const faded = (sender: number, statistic: LinkStatistic): LinkStatistic => {
    const fadingDdb = random.normal(Math.round(59 / Math.sqrt(count)));
    const { sumX } = statistic.steps;
    const meanLossDdb = Math.round(statistic.sumLossDdb / statistic.count) + fadingDdb;
    const meanX = Math.round(sumX / statistic.count);
    const level = { x: meanX, y: meanX - meanLossDdb };
    const sums = statisticOf(Array.from({ length: count }, () => level));
    return { ...statistic, ...sums, sender, senderCell: heard.radios[sender]?.cell ?? 0n };
  };
  const links = [
    ...heard.links.filter(({ sender, receiver }) => sender < 50 && receiver < 50),
    ...members.flatMap((sender) => paths.map((path) => faded(sender, path))),
  ];
  const radios = heard.radios.map((radio, i) => (i < 50 ? radio : { ...radio, fromEpoch: 14 }));
  return { ...heard, radios, links };
}

const FAINT = 10;

/** Ten keys that have come and that a part of the town hears, rarely: over the paths of one antenna, or of one each. */
function faint(seed: number, isOne: boolean): NetworkEvidence {
  const claims = Array.from({ length: FAINT }, (_, i) => ({ claimed: cellAt(12_000 + 2_600 * i, 12_000) }));
  const heard = sampleEvidence([...town, ...claims]);
  const random = seeded(seed);
  const receivers = Array.from({ length: 12 }, (_, i) => 4 * i);
  const draw = (): number[] => receivers.map(() => 150 + 5 * random.normal());
  const common = draw();
  const links = claims.flatMap(({ claimed }, i): LinkStatistic[] => {
    const losses = isOne ? common : draw();
    return receivers.flatMap((receiver, r): LinkStatistic[] => {
      const levels = receptionsOver(losses[r] as number, SAMPLE_RADIO.beacons, random);
      if (levels.length === 0) return [];
      const sums = statisticOf(levels.map((lossDb) => ({ x: 140, y: 140 - Math.round(10 * lossDb) })));
      return [{ ...sums, sender: 50 + i, receiver, senderCell: claimed }];
    });
  });
  const ofTown = heard.links.filter(({ sender, receiver }) => sender < 50 && receiver < 50);
  const radios = heard.radios.map((radio, i) => (i < 50 ? radio : { ...radio, fromEpoch: 14 }));
  return { ...heard, radios, links: [...ofTown, ...links] };
}

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
    const found = findAlikeWitnessSets(
      openLinkBook(evidence, new Map()),
      evidence.radios.map(() => 0),
      TRUST_NUMBERS,
      hearing,
    );
    expect(found.map(({ radios }) => radios)).toEqual([[50, 51, 52]]);
    const names = found[0]?.checks.map(({ check }) => check);
    expect(names).toEqual(['claimed_apart', 'common_links', 'one_antenna_likelier']);
    expect(found[0]?.checks[0]?.observed).toBeGreaterThan(2_000);
  });

  it('are when six keys of one antenna invent links among themselves, and nobody else is accused for hearing them', () => {
    const members = [0, 1, 2, 3, 4, 5].map((i) => 50 + i);
    const roof = cellAt(3_000, 2_500);
    const claims = members.map((_, i) => ({ claimed: cellAt(9_000 + 2_600 * i, 9_000), true: roof }));
    const heard = sampleEvidence([...town, ...claims], { ...SAMPLE_RADIO, siteSpreadDdb: 0 });
    const first = heard.links.filter(({ sender }) => sender === 50);
    const random = new IntegerRandom(7);
    const blurred = (sender: number, statistic: LinkStatistic): LinkStatistic => ({
      ...statistic,
      sender,
      senderCell: heard.radios[sender]?.cell ?? 0n,
      sumLossDdb: statistic.sumLossDdb + random.normal(11) * statistic.count,
    });
    const links = [
      ...heard.links.filter(({ sender }) => sender < 50),
      ...members.flatMap((sender) => first.filter(({ receiver }) => receiver < 50).map((one) => blurred(sender, one))),
    ];
    const between = members.flatMap((sender) =>
      members.flatMap((receiver) => (sender === receiver ? [] : [[sender, receiver] as const])),
    );
    const evidence = withForged({ ...heard, links }, between, {
      seed: 3,
      lossOf: (_, luck) => 1300 + luck.normal(90),
      spreadDdb: 0,
    });
    const found = findAlikeWitnessSets(
      openLinkBook(evidence, new Map()),
      evidence.radios.map(() => FULL_TRUST),
      TRUST_NUMBERS,
      hearing,
    );
    expect(found.flatMap(({ radios }) => radios)).toEqual(members);
  });

  it('are of a gang of which no two are alike enough: together they are, from three receptions a link', () => {
    const found = (count: number): number[][] => {
      const evidence = gang(count);
      const book = openLinkBook(evidence, new Map());
      const trust = evidence.radios.map(() => FULL_TRUST);
      return findAlikeWitnessSets(book, trust, TRUST_NUMBERS, hearing).map(({ radios }) => [...radios]);
    };
    const pair = [50, 51];
    expect(found(3).filter((radios) => radios.some((radio) => radio < 50))).toEqual([]);
    expect(found(3).flat().length).toBeGreaterThanOrEqual(8);
    const two = gang(3, pair.length);
    const trust = two.radios.map(() => FULL_TRUST);
    expect(findAlikeWitnessSets(openLinkBook(two, new Map()), trust, TRUST_NUMBERS, hearing)).toEqual([]);
  });

  it('are of keys that are heard but weakly, by how often they are, and not of ten who stand apart', () => {
    for (const seed of [1, 2, 3, 4]) {
      const [one, ten] = [faint(seed, true), faint(seed, false)].map((evidence) => {
        const trust = evidence.radios.map(() => FULL_TRUST);
        return findAlikeWitnessSets(openLinkBook(evidence, new Map()), trust, TRUST_NUMBERS, hearing);
      });
      const accused = one?.flatMap(({ radios }) => radios) ?? [];
      expect(accused.length).toBeGreaterThanOrEqual(8);
      expect(Math.min(...accused)).toBeGreaterThanOrEqual(50);
      expect(ten).toEqual([]);
    }
  });

  it('are of keys that hear each other in their own words alone: those who were there before are asked', () => {
    const evidence = faint(1, true);
    const members = Array.from({ length: FAINT }, (_, i) => 50 + i);
    const between = members.flatMap((sender) =>
      members.flatMap((receiver) => (sender === receiver ? [] : [[sender, receiver] as const])),
    );
    const told = withForged(evidence, between, { seed: 3, lossOf: (_, luck) => 1250 + luck.normal(90), spreadDdb: 0 });
    const trust = told.radios.map(() => FULL_TRUST);
    const found = findAlikeWitnessSets(openLinkBook(told, new Map()), trust, TRUST_NUMBERS, hearing);
    expect(found.flatMap(({ radios }) => radios).length).toBeGreaterThanOrEqual(8);
  });

  it('do not follow from what strangers say about two honest ones', () => {
    const strangers = Array.from({ length: 20 }, (_, i) => ({ claimed: cellAt(500 + 1_100 * i, 30_000) }));
    const places = [...town, ...strangers];
    const honest = sampleEvidence(places);
    const between = strangers.flatMap((_, i) => [[0, 50 + i] as const, [1, 50 + i] as const]);
    const evidence = withForged(honest, between, { seed: 1, lossOf: () => 1250, spreadDdb: 0 });
    const trust = places.map((_, i) => (i < 50 ? FULL_TRUST : 0));
    const found = findAlikeWitnessSets(openLinkBook(evidence, new Map()), trust, TRUST_NUMBERS, hearing);
    expect(found.flatMap(({ radios }) => radios)).toEqual([]);
  });

  it('do not follow from what newcomers say about those who were there, however far they are trusted', () => {
    const strangers = Array.from({ length: 20 }, (_, i) => ({ claimed: cellAt(500 + 1_100 * i, 30_000) }));
    const places = [...town, ...strangers];
    const between = strangers.flatMap((_, i) => [[0, 50 + i] as const, [1, 50 + i] as const]);
    const all = withForged(sampleEvidence(places), between, { seed: 1, lossOf: () => 1250, spreadDdb: 0 });
    // Hardly anybody else hears the two.
    const told = { ...all, links: all.links.filter(({ sender, receiver }) => sender > 1 || receiver >= 45) };
    const found = (since: number) => {
      const radios = told.radios.map((radio, i) => (i < 50 ? radio : { ...radio, fromEpoch: since }));
      const book = openLinkBook({ ...told, radios }, new Map());
      const trust = places.map(() => FULL_TRUST);
      return findAlikeWitnessSets(book, trust, TRUST_NUMBERS, hearing).flatMap(({ radios: accused }) => accused);
    };
    expect(found(14)).toEqual([]);
    expect(found(0)).toEqual([0, 1]);
  });

  it('are not when the twins stand on one roof and say so', () => {
    const roof = [cellAt(3_000, 3_000), cellAt(3_300, 3_000)].map((claimed) => ({
      claimed,
      true: cellAt(3_000, 3_000),
    }));
    expect(find([...town, ...roof])).toEqual([]);
  });
});
