import { latLngToCell } from 'h3-js';
import { findCellCentre } from '../../geometry/cell.ts';
import type { CellCache, CellCentre } from '../../geometry/cell-cache.ts';
import { distanceM } from '../../geometry/distance.ts';
import { INITIAL_STANDING, type LinkStatistic, type NetworkEvidence, type Radio } from '../../location/evidence.ts';
import { divideRounded } from '../../numeric/integers.ts';
import { tenLog10Udb } from '../../numeric/log10.ts';
import { IntegerRandom } from './integer-random.ts';

/** A hotspot of a sample: where it says it is, and where it is. */
export interface SamplePlace {
  readonly owner?: number;
  readonly claimed: bigint;
  readonly true?: bigint;
  readonly anchor?: boolean;
  readonly canTransmit?: boolean;
  /** As it declares: it hears that much better. 0 unless told. */
  readonly antennaGainDdbi?: number;
  /** As it declares: so much more than others. 0 unless told. */
  readonly eirpDdb?: number;
  /** More than it declares. */
  readonly extraPowerDdb?: number;
  /** Of what it hears, by noise at its site. */
  readonly deafDdb?: number;
}

export interface SampleRadio {
  readonly seed: number;
  readonly beacons: number;
  /** Of what an average antenna hears at 1 km less than it sends, ddB, and how that differs from place to place. */
  readonly interceptDdb: number;
  readonly siteSpreadDdb: number;
  /** Of one path, and of one path from packet to packet. */
  readonly shadowSpreadDdb: number;
  readonly temporalSpreadDdb: number;
  /** Of the level a receiver tells. */
  readonly offsetSpreadDdb: number;
}

/** 116 dB at 1 km, n = 3.17 and 8 dB of shadow: between the masts of Brno and the homes of Helium. */
export const SAMPLE_RADIO: SampleRadio = {
  seed: 1,
  beacons: 28,
  interceptDdb: 1160,
  siteSpreadDdb: 60,
  shadowSpreadDdb: 85,
  temporalSpreadDdb: 45,
  offsetSpreadDdb: 40,
};

const SLOPE_TENTHS = 317;
const UDB_PER_DDB = 100_000;
const FLOOR_DDBM = -1300;
const STEPS_DDBM = [80, 110, 140] as const;

/** A cell of resolution 9 so many metres east and north of Brno. */
export function cellAt(eastM: number, northM: number): bigint {
  return BigInt(`0x${latLngToCell(49.195 + northM / 111_195, 16.608 + eastM / 72_660, 9)}`);
}

/** `count` cells of a square town that many metres wide. */
export function townCells(count: number, widthM: number, seed: number): bigint[] {
  const random = new IntegerRandom(seed);
  const cells = new Set<bigint>();
  while (cells.size < count) cells.add(cellAt(random.below(widthM), random.below(widthM)));
  return [...cells];
}

/** What the window of an epoch holds when hotspots beacon and report what they hear, each of an owner of its own. */
export function sampleEvidence(places: readonly SamplePlace[], radio: SampleRadio = SAMPLE_RADIO): NetworkEvidence {
  const random = new IntegerRandom(radio.seed);
  const cache: CellCache = new Map<bigint, CellCentre>();
  const sites = places.map(() => ({
    sendDdb: random.normal(radio.siteSpreadDdb),
    hearDdb: random.normal(radio.offsetSpreadDdb),
  }));
  const radios = places.map((place, i) => radioOf(place, i, radio.beacons));
  const links: LinkStatistic[] = [];
  for (let a = 0; a < places.length; a++) {
    for (let b = a + 1; b < places.length; b++) {
      const apart = distanceM(centreOf(places[a], cache), centreOf(places[b], cache));
      const shadow = random.normal(radio.shadowSpreadDdb);
      if (apart < 700) continue;
      const path = Math.floor((SLOPE_TENTHS * (tenLog10Udb(apart) - 30_000_000)) / (100 * UDB_PER_DDB));
      const common = radio.interceptDdb + path + shadow + (sites[a]?.sendDdb ?? 0) + (sites[b]?.sendDdb ?? 0);
      for (const [sender, receiver] of [
        [a, b],
        [b, a],
      ] as const) {
        if (places[sender]?.canTransmit === false) continue;
        const antennasDdb = (places[receiver]?.antennaGainDdbi ?? 0) + (places[sender]?.extraPowerDdb ?? 0);
        const lossDdb = common - (sites[receiver]?.hearDdb ?? 0) - antennasDdb;
        const floorDdbm = FLOOR_DDBM + (places[receiver]?.deafDdb ?? 0);
        const link = receive(random, radio, { lossDdb, floorDdbm, eirpDdb: places[sender]?.eirpDdb ?? 0 });
        if (link) links.push({ ...link, sender, receiver, senderCell: places[sender]?.claimed ?? 0n });
      }
    }
  }
  links.sort((x, y) => x.sender - y.sender || x.receiver - y.receiver);
  return { epoch: 20, radios, links, standings: radios.map(() => INITIAL_STANDING) };
}

function radioOf(
  { antennaGainDdbi, owner, claimed, anchor, canTransmit }: SamplePlace,
  i: number,
  beacons: number,
): Radio {
  const key = new Uint8Array(32);
  key.set([i >> 8, i & 0xff]);
  return {
    key,
    kind: 'hotspot',
    owner: owner ?? i,
    cell: claimed,
    altitudeM: 250,
    antennaGainDdbi: antennaGainDdbi ?? 0,
    anchor: anchor ?? false,
    fromEpoch: 0,
    transmissions: canTransmit === false ? 0 : beacons,
    onlineRounds: beacons,
  };
}

function centreOf(place: SamplePlace | undefined, cache: CellCache): CellCentre {
  const centre = place && findCellCentre(place.true ?? place.claimed, cache);
  if (!centre) throw new RangeError('a sample names no cell');
  return centre;
}

/** The receptions of one direction; undefined when there is none. */
function receive(
  random: IntegerRandom,
  { beacons, temporalSpreadDdb }: SampleRadio,
  path: { readonly lossDdb: number; readonly floorDdbm: number; readonly eirpDdb: number },
): Omit<LinkStatistic, 'sender' | 'receiver' | 'senderCell'> | undefined {
  const levels: { readonly x: number; readonly y: number }[] = [];
  for (let i = 0; i < beacons; i++) {
    const x = (STEPS_DDBM[random.below(STEPS_DDBM.length)] ?? 0) + path.eirpDdb;
    const y = 10 * divideRounded(x - path.lossDdb + random.normal(temporalSpreadDdb), 10);
    if (y >= path.floorDdbm) levels.push({ x, y });
  }
  return levels.length === 0 ? undefined : statisticOf(levels);
}

/** The sums of a link's receptions: x the EIRP, y the reported signal power, ddBm. */
export function statisticOf(
  levels: readonly { readonly x: number; readonly y: number }[],
): Omit<LinkStatistic, 'sender' | 'receiver' | 'senderCell'> {
  const sum = (of: (level: { readonly x: number; readonly y: number }) => number): number =>
    levels.reduce((total, level) => total + of(level), 0);
  return {
    count: levels.length,
    sumLossDdb: sum(({ x, y }) => x - y),
    sumSquaredLoss: sum(({ x, y }) => (x - y) * (x - y)),
    steps: {
      sumX: sum(({ x }) => x),
      sumXX: sum(({ x }) => x * x),
      sumY: sum(({ y }) => y),
      sumXY: sum(({ x, y }) => x * y),
    },
    sumDelayMs: 0,
    firstEpoch: 14,
    lastEpoch: 20,
  };
}
