import { latLngToCell } from 'h3-js';
import { findCellCentre } from '../../geometry/cell.ts';
import { distanceM } from '../../geometry/distance.ts';
import { tenLog10Udb } from '../../numeric/log10.ts';
import {
  FULL_TRUST,
  INITIAL_STANDING,
  type LinkStatistic,
  type NetworkEvidence,
  type Radio,
  type Standing,
} from '../evidence.ts';
import { LinkStatistics } from '../link-statistics.ts';

/** Where a hotspot of a sample town is, and where it says it is: kilometres east and north of Brno. */
export interface Site {
  readonly eastKm: number;
  readonly northKm: number;
  readonly claim?: { readonly eastKm: number; readonly northKm: number };
  readonly anchor?: boolean;
}

const CENTRE = { lat: 49.2, lng: 16.6 };
const cells = new Map();

function cellAt({ eastKm, northKm }: { readonly eastKm: number; readonly northKm: number }): bigint {
  return BigInt(`0x${latLngToCell(CENTRE.lat + northKm / 111.2, CENTRE.lng + eastKm / 72.7, 9)}`);
}

/** A normal deviate by the sum of twelve, the same for both ends of a link. */
function shadowDb(seed: number, a: number, b: number): number {
  let sum = -6;
  let state = (seed * 2_654_435_761 + Math.min(a, b) * 40_503 + Math.max(a, b) * 97 + 1) >>> 0;
  for (let i = 0; i < 12; i++) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    sum += state / 2 ** 32;
  }
  return sum;
}

/**
 * One epoch's evidence of a town whose links follow the Brno fit: σ dB of shadow a link, eight receptions each, and
 * nothing heard beyond 148 dB. Owners are all different.
 */
export function townOf(
  sites: readonly Site[],
  options: { readonly seed: number; readonly sigmaDb?: number; readonly standings?: readonly Standing[] },
): NetworkEvidence {
  const { seed, sigmaDb = 10, standings } = options;
  const asserted = sites.map((site) => cellAt(site.claim ?? site));
  const statistics = new LinkStatistics();
  sites.forEach((from, sender) => {
    sites.forEach((to, receiver) => {
      const [a, b] = [findCellCentre(cellAt(from), cells), findCellCentre(cellAt(to), cells)];
      if (!a || !b || sender === receiver || asserted[sender] === undefined) return;
      const metres = distanceM(a, b);
      const lossDdb = Math.round(
        1270 +
          (3.17 * (tenLog10Udb(Math.max(1, metres)) - 30_000_000)) / 100_000 +
          10 * sigmaDb * shadowDb(seed, sender, receiver),
      );
      if (metres < 700 || lossDdb > 1480) return;
      for (let i = 0; i < 8; i++) {
        const eirpDdbm = 100 + 30 * (i % 3);
        const ends = { sender, receiver, senderCell: asserted[sender] };
        statistics.add({ ...ends, eirpDdbm, espDdbm: eirpDdbm - lossDdb, delayMs: 0 }, 0);
      }
    });
  });
  const radios = sites.map(
    (site, i): Radio => ({
      key: new Uint8Array(32).fill(i + 1),
      kind: 'hotspot',
      owner: i,
      cell: asserted[i] as bigint,
      altitudeM: 250,
      anchor: site.anchor ?? false,
      fromEpoch: 0,
      transmissions: 8,
      onlineRounds: 8,
    }),
  );
  const links: LinkStatistic[] = statistics.list();
  return {
    epoch: 0,
    radios,
    links,
    standings: standings ?? sites.map(() => ({ ...INITIAL_STANDING, trust: FULL_TRUST })),
  };
}

/** So many honest hotspots spread over a square of so many kilometres; every third is an anchor. */
export function honestSites(count: number, sideKm: number, seed: number): Site[] {
  let state = seed + 1;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  return Array.from({ length: count }, (_, i) => ({
    eastKm: (next() - 0.5) * sideKm,
    northKm: (next() - 0.5) * sideKm,
    anchor: i % 3 === 0,
  }));
}
