import { describe, expect, it } from 'vitest';
import { findCellCentre } from '../geometry/cell.ts';
import { distanceM } from '../geometry/distance.ts';
import { tenLog10Udb } from '../numeric/log10.ts';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { FULL_TRUST, INITIAL_STANDING, type LinkStatistic, type NetworkEvidence, type Standing } from './evidence.ts';
import type { LocationVerdict } from './judge-location.ts';
import { judgeNetwork } from './judge-network.ts';
import { LinkStatistics } from './link-statistics.ts';
import { payOf } from './place-pay.ts';
import { honestSites, type Site, townOf } from './samples/radio-town.ts';

const numbers = ruleSet2(PRODUCTION_TIMING);
const cells = new Map();
const judge = (evidence: NetworkEvidence) => judgeNetwork(evidence, numbers, cells);
const LIAR = 5;

/** A town of forty honest hotspots on 14 × 14 km, but the sixth claims to be 25 km away. */
function lyingTown(seed: number): Site[] {
  const sites = honestSites(40, 14, seed);
  const { eastKm, northKm } = sites[LIAR] as Site;
  sites[LIAR] = { eastKm, northKm, claim: { eastKm: eastKm + 24, northKm: northKm + 7 } };
  return sites;
}

const of = (locations: readonly LocationVerdict[], radio: number): LocationVerdict => {
  const verdict = locations.find((location) => location.radio === radio);
  if (!verdict) throw new Error(`no verdict on ${radio}`);
  return verdict;
};

/** A link as a mountain 24 km away has it with a city: n = 2.27, 113 dB at 1 km, 4 dB up or down. */
function hillLink(town: NetworkEvidence, ends: { sender: number; receiver: number }, cityCell?: bigint): LinkStatistic {
  const [from, to] = [town.radios[ends.sender]?.cell ?? 0n, town.radios[ends.receiver]?.cell ?? 0n];
  const [a, b] = [findCellCentre(from, cells), findCellCentre(to, cells)];
  if (!a || !b) throw new RangeError('a sample claims no cell');
  const aboveKmDdb = (2.27 * (tenLog10Udb(distanceM(a, b)) - 30_000_000)) / 100_000;
  const lossDdb = Math.round(1130 + aboveKmDdb) + ((cityCell ?? 0n) % 2n === 0n ? 40 : -40);
  const statistics = new LinkStatistics();
  for (let i = 0; i < 8; i++) {
    const eirpDdbm = 100 + 30 * (i % 3);
    statistics.add({ ...ends, senderCell: from, eirpDdbm, espDdbm: eirpDdbm - lossDdb, delayMs: 0 }, 0);
  }
  return statistics.list()[0] as LinkStatistic;
}

describe('the places of a town', () => {
  it('stand where they are true, and are in doubt where they are 25 km off', () => {
    for (const seed of [1, 2, 3]) {
      const { locations } = judge(townOf(lyingTown(seed), { seed }));
      expect(locations.filter(({ radio }) => radio !== LIAR).map(({ reason }) => reason)).toEqual(
        Array.from({ length: 39 }, () => 'none'),
      );
      const liar = of(locations, LIAR);
      expect([liar.outcome, liar.reason]).toEqual(['insufficient', 'location_doubted']);
      expect(liar.region).not.toHaveLength(0);
      expect(liar.region.length).toBeLessThanOrEqual(numbers.location.regionCells);
      expect(liar.links[0]?.againstMicronats).toBeGreaterThan(0);
    }
  });

  it('stand on a mountain that says how high it is; at the same levels no roof in the plain does', () => {
    const sites = [...honestSites(40, 14, 6), { eastKm: 24, northKm: 4 }];
    const mountain = sites.length - 1;
    const plain = townOf(sites, { seed: 6 });
    const levels = plain.radios
      .slice(0, mountain)
      .flatMap(({ cell }, other) => [
        hillLink(plain, { sender: mountain, receiver: other }, cell),
        hillLink(plain, { sender: other, receiver: mountain }, cell),
      ]);
    const rest = plain.links.filter(({ sender, receiver }) => sender !== mountain && receiver !== mountain);
    const raisedBy = (altitudeM: number): NetworkEvidence => ({
      ...plain,
      radios: plain.radios.map((radio, i) => (i === mountain ? { ...radio, altitudeM } : radio)),
      links: [...rest, ...levels].sort((a, b) => a.sender - b.sender || a.receiver - b.receiver),
    });
    const high = of(judge(raisedBy(1_400)).locations, mountain);
    expect([high.outcome, high.reason]).toEqual(['valid', 'none']);
    expect(of(judge(raisedBy(300)).locations, mountain).reason).toBe('location_doubted');
  });

  it('are proven by nobody without four witnesses, and by no strangers to the anchors', () => {
    const few = judge(townOf(honestSites(4, 3, 1), { seed: 1 }));
    expect(new Set(few.locations.map(({ reason }) => reason))).toEqual(new Set(['too_few_witnesses']));
    const strangers = honestSites(20, 10, 2).map(({ eastKm, northKm }) => ({ eastKm, northKm }));
    const untrusted = judge(townOf(strangers, { seed: 2 }));
    expect(new Set(untrusted.locations.map(({ outcome }) => outcome))).toEqual(new Set(['insufficient']));
  });

  it('are the same however the owners are called', () => {
    const town = townOf(lyingTown(4), { seed: 4 });
    const renamed = { ...town, radios: town.radios.map((radio) => ({ ...radio, owner: 1_000 - 7 * radio.owner })) };
    expect(judge(renamed)).toEqual(judge(town));
  });

  it('are the same however the radios are numbered', () => {
    const sites = lyingTown(5);
    const town = townOf(sites, { seed: 5 });
    const last = sites.length - 1;
    const reversed: NetworkEvidence = {
      ...town,
      radios: [...town.radios].reverse(),
      standings: [...town.standings].reverse(),
      links: town.links
        .map((link) => ({ ...link, sender: last - link.sender, receiver: last - link.receiver }))
        .reverse(),
    };
    const summary = (verdicts: readonly LocationVerdict[]) =>
      verdicts
        .map(({ key, reason, gapMicronats, likeliestCell }) => [key[0], reason, gapMicronats, likeliestCell] as const)
        .sort(([a = 0], [b = 0]) => a - b);
    expect(summary(judge(reversed).locations)).toEqual(summary(judge(town).locations));
  });

  it('are not refuted by one more honest witness', () => {
    for (let seed = 10; seed < 14; seed++) {
      const sites = honestSites(31, 14, seed);
      const { locations } = judge(townOf(sites, { seed }));
      const fewer = judge(townOf(sites.slice(0, 30), { seed })).locations;
      for (const before of fewer) {
        if (before.outcome === 'valid') expect(of(locations, before.radio).outcome).toBe('valid');
      }
    }
  });
});

describe('a doubt', () => {
  const sites = lyingTown(1);
  const town = townOf(sites, { seed: 1 });
  /** The same town, of which the liar is linked with the first so many only. */
  const seenBy = (witnesses: number, epoch: number, standings: readonly Standing[]): NetworkEvidence => ({
    ...town,
    epoch,
    standings,
    links: town.links.filter(
      ({ sender, receiver }) =>
        (sender !== LIAR && receiver !== LIAR) || Math.max(sender === LIAR ? receiver : sender, 0) < witnesses,
    ),
  });

  it('accuses after three epochs with a new witness each, and never without', () => {
    let { standings } = town;
    const run = (witnesses: number[]) =>
      witnesses.map((count, epoch) => {
        const result = judge(seenBy(count, epoch, standings));
        ({ standings } = result);
        return of(result.locations, LIAR).reason;
      });
    expect(run([20, 20, 20, 20, 20])).toEqual(Array.from({ length: 5 }, () => 'location_doubted'));
    expect(standings[LIAR]?.doubt?.epochs).toBe(1);
    expect(run([30, 30, 40, 40])).toEqual([
      'location_doubted',
      'location_doubted',
      'location_refuted',
      'location_refuted',
    ]);
    expect(standings[LIAR]?.accusations.map(({ code }) => code)).toEqual(['location_refuted']);
    // It does not end because nobody hears it any more, but when the evidence speaks for the place.
    expect(run([0])).toEqual(['location_refuted']);
    const honest = townOf(honestSites(40, 14, 1), { seed: 1, standings });
    const after = judge({ ...honest, epoch: 9 });
    expect(of(after.locations, LIAR).reason).toBe('none');
    expect(after.standings[LIAR]?.doubt).toBeUndefined();
    expect(after.standings[LIAR]?.accusations).toEqual([]);
  });
});

describe('the limit of a doubt', () => {
  const town = townOf(lyingTown(1), { seed: 1 });
  const { doubtMicronats, provenDoubtMicronats } = numbers.location;
  /** Over three epochs of the same evidence. */
  const limitsFrom = (location: Standing['location']): (number | undefined)[] => {
    let standings: readonly Standing[] = town.standings.map((standing, i): Standing => {
      return i === LIAR && location ? { ...standing, location } : standing;
    });
    return [1, 2, 3].map((epoch) => {
      const result = judge({ ...town, epoch, standings });
      ({ standings } = result);
      return of(result.locations, LIAR).checks.find(({ check }) => check === 'likelihood_gap')?.limit;
    });
  };

  it('stays that of a proven place while what was valid is in doubt', () => {
    expect(limitsFrom('valid')).toEqual([provenDoubtMicronats, provenDoubtMicronats, provenDoubtMicronats]);
  });

  it('stays that of an unproven one where nothing was', () => {
    expect(limitsFrom(undefined)).toEqual([doubtMicronats, doubtMicronats, doubtMicronats]);
  });

  it('is that of a proven one where validators have been to look', () => {
    const radios = town.radios.map((radio, i) => (i === LIAR ? { ...radio, anchor: true } : radio));
    const { checks } = of(judge({ ...town, radios }).locations, LIAR);
    expect(checks.find(({ check }) => check === 'likelihood_gap')?.limit).toBe(provenDoubtMicronats);
  });
});

describe('a key that comes among others', () => {
  const NEWCOMER = 7;
  const settled = judge(townOf(honestSites(40, 14, 1), { seed: 1 })).standings.map((standing) => ({
    ...standing,
    grace: { epochs: 1, held: 0n, over: true },
  }));
  const came = (epoch: number, keys: readonly number[]): NetworkEvidence => {
    const town = townOf(honestSites(40, 14, 1), { seed: 1 });
    return {
      ...town,
      epoch,
      radios: town.radios.map((radio, i) => (keys.includes(i) ? { ...radio, anchor: false, fromEpoch: 10 } : radio)),
      standings: settled.map((standing, i) => (keys.includes(i) ? INITIAL_STANDING : standing)),
      links: town.links.map((link) => ({ ...link, firstEpoch: 10, lastEpoch: epoch })),
    };
  };

  it('waits for three epochs, and all it earns waits with it', () => {
    const verdictAt = (epoch: number) => of(judge(came(epoch, [NEWCOMER])).locations, NEWCOMER);
    expect([10, 11, 12, 13, 14].map((epoch) => verdictAt(epoch).reason)).toEqual([
      'too_new',
      'too_new',
      'too_new',
      'none',
      'none',
    ]);
    const standing = { ...INITIAL_STANDING, trust: FULL_TRUST };
    expect(payOf(standing, verdictAt(11), { epoch: 11, numbers })).toEqual({
      status: 'held',
      stands: true,
      share: FULL_TRUST,
    });
  });

  it('is doubted from less than those who were proven, and than those who began together', () => {
    const limitOf = (evidence: NetworkEvidence, radio: number) =>
      of(judge(evidence).locations, radio).checks.find(({ check }) => check === 'likelihood_gap')?.limit;
    const { doubtMicronats, newcomerDoubtMicronats, provenDoubtMicronats } = numbers.location;
    expect(newcomerDoubtMicronats).toBeLessThan(doubtMicronats);
    expect(doubtMicronats).toBeLessThan(provenDoubtMicronats);
    const liar = lyingTown(1);
    const lying = (evidence: NetworkEvidence): NetworkEvidence => ({
      ...evidence,
      radios: evidence.radios.map((radio, i) => (i === LIAR ? { ...radio, fromEpoch: 10, anchor: false } : radio)),
      standings: evidence.standings.map((standing, i) => (i === LIAR ? INITIAL_STANDING : (settled[i] ?? standing))),
      epoch: 14,
      links: evidence.links.map((link) => ({ ...link, firstEpoch: 10, lastEpoch: 14 })),
    });
    expect(limitOf(lying(townOf(liar, { seed: 1 })), LIAR)).toBe(newcomerDoubtMicronats);
    const proven = lying(townOf(liar, { seed: 1 }));
    const standings = proven.standings.map((standing, i) => (i === LIAR ? (settled[0] ?? standing) : standing));
    expect(limitOf({ ...proven, standings }, LIAR)).toBe(provenDoubtMicronats);
    expect(limitOf(townOf(liar, { seed: 1 }), LIAR)).toBe(doubtMicronats);
  });

  it('is doubted like those who began together where one in ten of its elders is in doubt that was proven', () => {
    const limitWith = (everyNth: number, ofProven: boolean) => {
      const evidence = came(14, [NEWCOMER]);
      const doubt = { ofProven, epochs: 1, witnesses: [] };
      const standings = evidence.standings.map((standing, i): Standing => {
        return i !== NEWCOMER && i % everyNth === 0 ? { ...standing, location: 'insufficient', doubt } : standing;
      });
      const { checks } = of(judge({ ...evidence, standings }).locations, NEWCOMER);
      return checks.find(({ check }) => check === 'likelihood_gap')?.limit;
    };
    const { doubtMicronats, newcomerDoubtMicronats } = numbers.location;
    expect(limitWith(20, true)).toBe(newcomerDoubtMicronats);
    expect(limitWith(4, false)).toBe(newcomerDoubtMicronats);
    expect(limitWith(4, true)).toBe(doubtMicronats);
  });

  it('waits for nobody where all have come together', () => {
    const everybody = settled.map((_, i) => i);
    const begun = came(10, everybody);
    const radios = begun.radios.map((radio, i) => ({ ...radio, anchor: i % 3 === 0 }));
    const { locations } = judge({ ...begun, radios });
    expect(new Set(locations.map(({ reason }) => reason))).not.toContain('too_new');
    expect(locations.filter(({ outcome }) => outcome === 'valid').length).toBeGreaterThan(30);
  });
});
