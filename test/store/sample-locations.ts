import type { ClosedEpoch } from '@sextant/oracle/store';

type Located = Pick<ClosedEpoch, 'locations' | 'state'>;
type Location = Located['locations'][number];
type Standing = Located['state']['places'][number]['standing'];

/** Of the sample's hotspots this one's place is in doubt, the last one has no verdict, and the others are where they say. */
export const DOUBTED = 1;

export interface LocatedHotspot {
  readonly key: Uint8Array;
  readonly cell: bigint;
}

/** What an epoch says about places, as the core would: the hotspots are its radios. */
export function sampleLocations(epoch: number, hotspots: readonly LocatedHotspot[]): Located {
  const places = hotspots.map(({ key, cell }, i) => ({
    key,
    place: { cell, fromEpoch: 0 },
    standing: standingOf(i, epoch),
  }));
  return { locations: hotspots.slice(0, -1).map((_, i) => verdictOf(i, hotspots)), state: { places } };
}

function standingOf(i: number, epoch: number): Standing {
  const waits = i % 10 === 9;
  const grace = { epochs: 1, held: waits ? 5n * 10n ** 17n : 0n, over: !waits };
  if (i !== DOUBTED) return { trust: 10_000 - i, location: 'valid', accusations: [], grace };
  const checks = [{ check: 'doubtful_epochs', observed: 3, limit: 2, margin: -1, unit: 'epoch' as const }];
  return {
    trust: 4_000,
    location: 'insufficient',
    doubt: { ofProven: true, epochs: 3, witnesses: [] },
    accusations: [
      {
        code: 'location_refuted',
        epoch,
        epochs: 3,
        checks,
        appeal: { epoch, reviews: [], ruling: { ruling: 'dismissed', epoch } },
      },
    ],
    grace,
  };
}

function verdictOf(radio: number, hotspots: readonly LocatedHotspot[]): Location {
  const { key, cell } = hotspots[radio] as LocatedHotspot;
  const isDoubted = radio === DOUBTED;
  const others = hotspots.map((hotspot, other) => ({ ...hotspot, other })).filter(({ other }) => other !== radio);
  const gapMicronats = isDoubted ? 9_400_000 : 120_000;
  const likeliest = isDoubted ? (hotspots.at(-2) as LocatedHotspot).cell : cell;
  return {
    radio,
    key,
    cell,
    outcome: isDoubted ? 'insufficient' : 'valid',
    reason: isDoubted ? 'location_doubted' : 'none',
    checks: [
      {
        check: 'likelihood_gap',
        observed: gapMicronats,
        limit: 6_900_000,
        margin: 6_900_000 - gapMicronats,
        unit: 'micronat',
      },
    ],
    gapMicronats,
    likeliestCell: likeliest,
    region: [likeliest],
    witnesses: others.map(({ other }) => other).slice(0, 5),
    ...(isDoubted ? { law: { lossAtKmDdb: 1_280, exponentPercent: 240, sigmaDdb: 90 } } : {}),
    links: others.slice(0, 5).map(({ key: otherKey, cell: otherCell, other }, i) => ({
      other,
      otherKey,
      otherCell,
      kind: (['sent', 'heard', 'silent'] as const)[i % 3] ?? 'sent',
      lossDdb: 1_100 + 60 * i,
      expectedLossDdb: 1_200,
      weight: 10_000,
      againstMicronats: 1_000_000 - 300_000 * i,
    })),
  };
}
