import { INITIAL_STANDING, LinkStatistics, type NetworkEvidence, type Radio } from '@sextant/oracle/core';
import { cellToLatLng, greatCircleDistance } from 'h3-js';
import { delayMsOf } from '../sextant/radio-check.ts';
import { type Hotspot, isHotspot, type Reception } from '../worlds/radio.ts';
import type { EpochOnAir } from '../worlds/world.ts';

const NEAREST_M = 700;
const LOUD_ALLOWANCE_DB = 6;
const FREE_SPACE_1KM_DB = 91.22;

/** What the collusion checks see of some epochs: links between hotspots that pass the distance and free-space checks. */
export function windowEvidence(epochs: readonly EpochOnAir[]): NetworkEvidence {
  const hotspots = [
    ...new Map(epochs.flatMap(({ hotspots }) => hotspots.map((one) => [one.id, one] as const))).values(),
  ];
  const numbers = new Map(hotspots.map(({ id }, i) => [id, i]));
  const transmissions = new Map<number, number>();
  const online = new Map<number, Set<number>>();
  const statistics = new LinkStatistics();
  for (const { epoch, receptions, transmissions: sent } of epochs) {
    for (const { sender } of sent)
      if (isHotspot(sender)) transmissions.set(sender.id, (transmissions.get(sender.id) ?? 0) + 1);
    for (const reception of receptions) {
      const { transmission, witness } = reception;
      const { sender } = transmission;
      online.set(witness.id, (online.get(witness.id) ?? new Set()).add(transmission.round));
      if (!isHotspot(sender) || !isPlausible(reception, sender)) continue;
      const [from, to] = [numbers.get(sender.id), numbers.get(witness.id)];
      if (from === undefined || to === undefined) continue;
      const link = { sender: from, receiver: to, senderCell: transmission.cell };
      statistics.add(
        { ...link, eirpDdbm: transmission.eirpDdbm, espDdbm: espDdbm(reception), delayMs: delayMsOf(reception) },
        epoch,
      );
    }
  }
  const radios = hotspots.map(
    (hotspot): Radio => ({
      key: hotspot.key,
      kind: 'hotspot',
      owner: hotspot.owner,
      cell: hotspot.claim.cell,
      altitudeM: hotspot.claim.altitudeM,
      antennaGainDdbi: hotspot.claim.gainDdbi,
      anchor: hotspot.anchor,
      fromEpoch: hotspot.fromEpoch,
      transmissions: transmissions.get(hotspot.id) ?? 0,
      onlineRounds: online.get(hotspot.id)?.size ?? 0,
    }),
  );
  const epoch = epochs.at(-1)?.epoch ?? 0;
  return { epoch, radios, links: statistics.list(), standings: radios.map(() => INITIAL_STANDING) };
}

function isPlausible(reception: Reception, sender: Hotspot): boolean {
  const { transmission, witness } = reception;
  if (sender.owner === witness.owner) return false;
  const apartM = claimedM(transmission.cell, witness.claim.cell);
  if (apartM < NEAREST_M) return false;
  const loudest =
    transmission.eirpDdbm + witness.claim.gainDdbi - 10 * (FREE_SPACE_1KM_DB + 20 * Math.log10(apartM / 1000));
  return espDdbm(reception) <= loudest + 10 * LOUD_ALLOWANCE_DB;
}

const distances = new Map<string, number>();

function claimedM(a: bigint, b: bigint): number {
  const name = a < b ? `${a} ${b}` : `${b} ${a}`;
  const known = distances.get(name);
  if (known !== undefined) return known;
  const [from, to] = [a, b].map((cell) => cellToLatLng(cell.toString(16)));
  const apart = from && to ? greatCircleDistance(from, to, 'm') : 0;
  distances.set(name, apart);
  return apart;
}

function espDdbm({ rssiSignalDdbm, rssiChannelDdbm, snrDdb }: Reception): number {
  if (rssiSignalDdbm !== undefined) return rssiSignalDdbm;
  const snr = 10 ** (snrDdb / 100);
  return Math.round((rssiChannelDdbm ?? 0) + snrDdb - 100 * Math.log10(1 + snr));
}
