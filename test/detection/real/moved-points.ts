import { createHash } from 'node:crypto';
import { ddb, ddbi, ddbm, hertz, metres, type Outcome, unixMs } from '@sextant/firmware-bridge/protocol';
import {
  type CellCache,
  type CellCentre,
  distanceInterval,
  findCellCentre,
  findRadioRefusal,
  INITIAL_STANDING,
  judgeNetwork,
  LinkStatistics,
  type LocationVerdict,
  type NetworkEvidence,
  PRODUCTION_TIMING,
  type Radio,
  ruleSet2,
  type Standing,
  signalPowerDdbm,
} from '@sextant/oracle/core';
import { latLngToCell } from 'h3-js';
import type { Place } from '../../replay/links-csv.ts';
import { createProjection } from '../../simulator/world/place.ts';
import { distanceM, strongestSignalDbm } from '../helium/witness-checks.ts';
import { BRNO_EIRP_DBM, type Brno, isForFitting, type TestPoint } from './brno.ts';

/** How far claims are moved, km; 0 is the truth. */
export const MOVES_KM = [0, 1, 2, 3, 5, 10, 20, 40] as const;

/** What each rule says of one moved claim. */
export interface PointVerdict {
  readonly km: number;
  /** Likelihood gap above 4.605 over all of this one epoch's receptions, whatever the number of witnesses. */
  readonly singleShot: boolean;
  /** What rule set 2 says of it, from the receptions that pass its pairwise checks. */
  readonly product: Outcome;
  /** At its true place it has the witnesses rule set 2 asks for. */
  readonly enoughWitnesses: boolean;
  /** Helium's ceiling refuses at least one of its receptions. */
  readonly freeSpace: boolean;
}

const RULE_SET = ruleSet2(PRODUCTION_TIMING);
/** Twice it is the 99 % quantile of χ² with two degrees of freedom. */
const SINGLE_SHOT_MICRONATS = 4_605_000;
const ANTENNA_M = metres(50);
const FREQUENCY_HZ = hertz(868_100_000);
const BANDWIDTH_HZ = hertz(125_000);
/** For Helium's ceiling each gateway declares 8 dBi: with less it refuses honest receptions (1.9 % of them at 0 dBi). */
const DECLARED_GAIN_DDBI = 80;
const CELL_RESOLUTION = 9;

const cellOf = ({ latitude, longitude }: Place): bigint =>
  BigInt(`0x${latLngToCell(latitude, longitude, CELL_RESOLUTION)}`);
/** As Helium asserts places. */
const pointCellOf = ({ latitude, longitude }: Place): string => latLngToCell(latitude, longitude, 12);
const keyOf = (name: string): Buffer => createHash('sha256').update(name).digest();

/**
 * One split of the points: gateways' intercepts come from one half, the other half's points are judged as hotspots that
 * beacon, at their true place and at moved ones, every antenna at 50 m.
 */
export function judgeSplit(brno: Brno, seed: string): readonly PointVerdict[] {
  const cells: CellCache = new Map<bigint, CellCentre>();
  const fitted = brno.points.filter((point) => isForFitting(point, seed));
  const tested = brno.points.filter((point) => !isForFitting(point, seed));
  const standings = fitGateways(brno, fitted, cells);
  return MOVES_KM.flatMap((km) => judgeMoved(brno, tested, { km, seed, standings, cells }));
}

/** Half of the points as survey devices: two epochs, after which gateways are proven and have an intercept. */
function fitGateways(brno: Brno, points: readonly TestPoint[], cells: CellCache): ReadonlyMap<string, Standing> {
  let standings = new Map<string, Standing>();
  for (let epoch = 0; epoch < 2; epoch++) {
    const sources = points.map((point) => ({ point, cell: cellOf(point.place), kind: 'survey_device' as const }));
    const { evidence, names } = gather(brno, sources, { epoch, standings, cells, pairwise: true });
    const judgement = judgeNetwork(evidence, RULE_SET, cells);
    standings = new Map(names.map((name, i) => [name, judgement.standings[i] ?? INITIAL_STANDING]));
  }
  return new Map([...standings].filter(([name]) => brno.gateways.has(name)));
}

interface Moved {
  readonly km: number;
  readonly seed: string;
  readonly standings: ReadonlyMap<string, Standing>;
  readonly cells: CellCache;
}

function judgeMoved(brno: Brno, points: readonly TestPoint[], moved: Moved): readonly PointVerdict[] {
  const { km, cells } = moved;
  const sources = points.map((point) => {
    const claimed = moveBy(point, km, moved.seed);
    return { point, claimed, cell: cellOf(claimed), kind: 'hotspot' as const };
  });
  const judge = (pairwise: boolean): ReadonlyMap<string | undefined, LocationVerdict> => {
    const { evidence, names } = gather(brno, sources, { ...moved, epoch: 2, pairwise });
    const { locations } = judgeNetwork(evidence, RULE_SET, cells);
    return new Map(locations.map((verdict) => [names[verdict.radio], verdict]));
  };
  const [product, singleShot] = [judge(true), judge(false)];
  return sources.map(({ point, claimed }) => ({
    km,
    singleShot: (singleShot.get(point.name)?.gapMicronats ?? 0) > SINGLE_SHOT_MICRONATS,
    product: product.get(point.name)?.outcome ?? 'insufficient',
    enoughWitnesses: point.heard.length >= RULE_SET.location.minWitnesses,
    freeSpace: isBeyondFreeSpace(brno, point, claimed),
  }));
}

function moveBy(point: TestPoint, km: number, seed: string): Place {
  const bearing = (2 * Math.PI * keyOf(`${point.name} ${km} ${seed}`).readUInt32LE()) / 2 ** 32;
  const projection = createProjection(point.place);
  return projection.toLatLng({ eastM: 1000 * km * Math.sin(bearing), northM: 1000 * km * Math.cos(bearing) });
}

interface Source {
  readonly point: TestPoint;
  readonly cell: bigint;
  readonly kind: 'hotspot' | 'survey_device';
}

interface Context {
  readonly epoch: number;
  readonly standings: ReadonlyMap<string, Standing>;
  readonly cells: CellCache;
  /** Leave out what the pairwise checks refuse. */
  readonly pairwise: boolean;
}

function gather(brno: Brno, sources: readonly Source[], { epoch, standings, cells, pairwise }: Context) {
  const gateways = [...brno.gateways].map(([name, place]) => ({ name, radio: gatewayRadio(name, cellOf(place)) }));
  const senders = sources.map((source) => ({ name: source.point.name, radio: senderRadio(source) }));
  const rows = [...gateways, ...senders].sort((a, b) => Buffer.compare(a.radio.key, b.radio.key));
  const numberOf = new Map(rows.map(({ name }, i) => [name, i]));
  const links = new LinkStatistics();
  for (const { point, cell, kind } of sources) {
    for (const { gateway, rssiDbm, snrDb } of point.heard) {
      const receiverCell = cellOf(brno.gateways.get(gateway) ?? point.place);
      rssiDbm.forEach((rssi, i) => {
        const measured = { rssi, snr: snrDb[i] ?? 0, kind };
        const espDdbm = pairwise ? acceptedEsp(measured, [cell, receiverCell], cells) : espOf(measured);
        const [sender, receiver] = [numberOf.get(point.name) ?? 0, numberOf.get(gateway) ?? 0];
        if (espDdbm === undefined) return;
        links.add({ sender, receiver, senderCell: cell, eirpDdbm: 10 * BRNO_EIRP_DBM, espDdbm, delayMs: 0 }, epoch);
      });
    }
  }
  const evidence: NetworkEvidence = {
    epoch,
    radios: rows.map(({ radio }) => radio),
    links: links.list(),
    standings: rows.map(({ name }) => standings.get(name) ?? INITIAL_STANDING),
  };
  return { evidence, names: rows.map(({ name }) => name) };
}

/** Gateways stand where they stand: audited, and always on. */
function gatewayRadio(name: string, cell: bigint): Radio {
  const owner = keyOf(name).readUInt32LE();
  const common = { kind: 'hotspot', anchor: true, fromEpoch: 0, transmissions: 0, onlineRounds: 40 } as const;
  return { ...common, key: keyOf(name), owner, cell, altitudeM: ANTENNA_M };
}

function senderRadio({ point, cell, kind }: Source): Radio {
  const owner = keyOf(point.name).readUInt32LE();
  const transmissions = Math.max(4, ...point.heard.map(({ packets }) => packets));
  const common = { key: keyOf(point.name), kind, owner, fromEpoch: 0, transmissions, onlineRounds: 0 };
  return kind === 'hotspot' ? { ...common, anchor: false, cell, altitudeM: ANTENNA_M } : { ...common, anchor: true };
}

interface Measured {
  readonly rssi: number;
  readonly snr: number;
  readonly kind: Source['kind'];
}

const levelsOf = ({ rssi, snr }: Measured) => ({
  rssiChannelDdbm: ddbm(Math.round(rssi * 10)),
  snrDdb: ddb(Math.round(snr * 10)),
});

const espOf = (measured: Measured): number => signalPowerDdbm(levelsOf(measured));

/** Signal power, ddBm, of a reception that the pairwise checks accept. */
function acceptedEsp(measured: Measured, [from, to]: readonly [bigint, bigint], cells: CellCache): number | undefined {
  const { kind, snr } = measured;
  const levels = levelsOf(measured);
  const [a, b] = [findCellCentre(from, cells), findCellCentre(to, cells)];
  if (!a || !b) throw new RangeError('a place in Brno has a cell');
  const known = { frequencyHz: FREQUENCY_HZ, spreadingFactor: inferSpreadingFactor(snr), bandwidthHz: BANDWIDTH_HZ };
  const espDdbm = signalPowerDdbm(levels);
  const facts = {
    ...known,
    senderKind: kind,
    sentAtMs: unixMs(0),
    airtimeMs: 0,
    eirpCeilingDdbm: ddbm(10 * BRNO_EIRP_DBM),
    horizonHeightM: ANTENNA_M,
  };
  const refusal = findRadioRefusal({
    ruleSet: RULE_SET,
    distance: distanceInterval(a, b, RULE_SET),
    espDdbm,
    report: { ...known, ...levels, receivedAtMs: unixMs(0) },
    transmission: { facts },
    assertion: { antennaGainDdbi: ddbi(0), antennaAglM: ANTENNA_M, altitudeMslM: ANTENNA_M },
  });
  return refusal === undefined ? espDdbm : undefined;
}

/** The rows tell no spreading factor: the lowest whose floor the SNR clears. So the SNR check can refuse nothing here. */
function inferSpreadingFactor(snrDb: number): number {
  return [7, 8, 9, 10, 11, 12].find((sf) => snrDb * 10 >= (RULE_SET.link.snrFloorDdb[sf] ?? 0)) ?? 12;
}

/** Helium's ceiling on the reported RSSI, its mean at each gateway: some gateway hears more than free space allows. */
function isBeyondFreeSpace(brno: Brno, point: TestPoint, claimed: Place): boolean {
  const common = { gainDdbi: 0, frequencyHz: FREQUENCY_HZ, receivedMs: 0 };
  const beacon = { ...common, location: pointCellOf(claimed), txPowerDbm: BRNO_EIRP_DBM };
  return point.heard.some(({ gateway, rssiDbm }) => {
    const location = pointCellOf(brno.gateways.get(gateway) ?? claimed);
    const metresApart = Math.max(1, distanceM(beacon.location, location));
    const witness = { ...common, location, gainDdbi: DECLARED_GAIN_DDBI, signalDdbm: 0 };
    const mean = rssiDbm.reduce((sum, one) => sum + one, 0) / rssiDbm.length;
    return mean > strongestSignalDbm(beacon, witness, metresApart);
  });
}

/** Receptions the two checks of signal against noise refuse at the true places: none, as the spreading factor is inferred. */
export function countSnrRefusals({ points }: Brno): { readonly refused: number; readonly receptions: number } {
  const { quietAllowanceDdb, snrFloorDdb } = RULE_SET.link;
  const snrs = points.flatMap(({ heard }) => heard.flatMap(({ snrDb }) => snrDb));
  const isTooQuiet = (snr: number): boolean =>
    snr * 10 < (snrFloorDdb[inferSpreadingFactor(snr)] ?? 0) - quietAllowanceDdb;
  return { refused: snrs.filter(isTooQuiet).length, receptions: snrs.length };
}
