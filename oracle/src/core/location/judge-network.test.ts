import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import type { NetworkEvidence, Standing } from './evidence.ts';
import type { LocationVerdict } from './judge-location.ts';
import { judgeNetwork } from './judge-network.ts';
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
