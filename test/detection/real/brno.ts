import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type MeasuredLinks, type Place, parseLinksCsv } from '../../replay/links-csv.ts';
import { findOutsideData } from '../../support/outside-data.ts';

const FILE = 'brno/brno_links_Brno.csv';

/** What one gateway heard from one test point: repeats are one observation. */
export interface Heard {
  readonly gateway: string;
  readonly packets: number;
  /** Mean power of the signal alone, dBm. */
  readonly espDbm: number;
  /** Of each packet. */
  readonly espsDbm: readonly number[];
  /** Highest channel RSSI and SNR of the packets. */
  readonly rssiDbm: readonly number[];
  readonly snrDb: readonly number[];
}

/** A place in Brno somebody sent from. */
export interface TestPoint {
  /** Latitude and longitude as measured. */
  readonly name: string;
  readonly place: Place;
  /** Sent from there, as far as anybody heard them. */
  readonly packets: number;
  readonly heard: readonly Heard[];
}

export interface Brno {
  readonly points: readonly TestPoint[];
  readonly gateways: ReadonlyMap<string, Place>;
}

/** The sender's EIRP, dBm: antenna gains come as an offset of each gateway. */
export const BRNO_EIRP_DBM = 14;

/**
 * 6,670 receptions at 291 test points in Brno (Stusek et al., IEEE Access 8 (2020) 154625), with the gateways inferred from
 * the distances. Undefined where the data is absent.
 */
export function readBrno(): Brno | undefined {
  const path = findOutsideData(FILE);
  return path === undefined ? undefined : groupByPoint(parseLinksCsv(readFileSync(path, 'utf8')));
}

const espDbm = (rssiDbm: number, snrDb: number): number => rssiDbm + snrDb - 10 * Math.log10(1 + 10 ** (snrDb / 10));

function groupByPoint({ links }: MeasuredLinks): Brno {
  const gateways = new Map<string, Place>();
  const points = new Map<
    string,
    { place: Place; packets: Set<number>; rows: Map<string, { rssi: number[]; snr: number[] }> }
  >();
  for (const { device, gateway, gatewayPlace, packet, rssiDbm, snrDb } of links) {
    gateways.set(gateway, gatewayPlace);
    const name = `${device.latitude},${device.longitude}`;
    const point = points.get(name) ?? { place: device, packets: new Set(), rows: new Map() };
    points.set(name, point);
    point.packets.add(packet);
    const rows = point.rows.get(gateway) ?? { rssi: [], snr: [] };
    point.rows.set(gateway, rows);
    rows.rssi.push(rssiDbm);
    rows.snr.push(snrDb);
  }
  const toHeard = ([gateway, { rssi, snr }]: [string, { rssi: number[]; snr: number[] }]): Heard => {
    const espsDbm = rssi.map((one, i) => espDbm(one, snr[i] ?? 0));
    const sum = espsDbm.reduce((total, one) => total + one, 0);
    return { gateway, packets: rssi.length, espDbm: sum / rssi.length, espsDbm, rssiDbm: rssi, snrDb: snr };
  };
  return {
    points: [...points].map(([name, { place, packets, rows }]) => {
      return { name, place, packets: packets.size, heard: [...rows].map(toHeard) };
    }),
    gateways,
  };
}

/** Which half of a split a point is in: by SHA-256 of its name and the split's seed. */
export function isForFitting({ name }: TestPoint, seed: string): boolean {
  const [first = 0] = createHash('sha256').update(`${name} ${seed}`).digest();
  return first % 2 === 0;
}
