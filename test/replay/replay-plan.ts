import type { MeasuredLink, MeasuredLinks, Place } from './links-csv.ts';

/** Lowest SNR a receiver decodes at each spreading factor, dB: Semtech SX1276 datasheet rev. 7, table 13. */
const SNR_FLOOR_DB: Readonly<Record<number, number>> = { 7: -7.5, 8: -10, 9: -12.5, 10: -15, 11: -17.5, 12: -20 };
/**
 * Real receivers decode a little below the datasheet: of 170,000 receptions in public data one is further down than this,
 * dB (CampusIoT's SaintEynard and Tour Perret data sets, and the Brno data).
 */
const BELOW_FLOOR_DB = 5;

/** What a survey device may use under rule set 1, and what a hotspot's beacon may in EU868. */
const SURVEY_FACTORS = [7, 8, 9] as const;
const BEACON_FACTORS = [7, 8, 9, 10, 11, 12] as const;

/** One packet that somebody measured: everybody who received it. */
export interface MeasuredPacket {
  readonly number: number;
  readonly receptions: readonly MeasuredLink[];
  /** The lowest spreading factor at which all of its receptions are possible. */
  readonly leastSpreadingFactor: number;
}

/** Where a device stood. */
export interface TestPoint {
  readonly place: Place;
  /** Carried by survey transmissions. */
  readonly surveyed: readonly MeasuredPacket[];
  /**
   * With a reception so weak that no spreading factor of a survey device reaches it: carried by beacons of a hotspot that
   * stands here, which may use SF10–SF12.
   */
  readonly beaconed: readonly MeasuredPacket[];
}

export interface ReplayPlan {
  readonly gateways: readonly { readonly name: string; readonly place: Place }[];
  readonly points: readonly TestPoint[];
  readonly links: number;
}

/**
 * Which measured packet is carried by what. The rows tell no spreading factor, and a transmission's is derived from its
 * secret: so a packet waits for a transmission at which each of its receptions could have been decoded. That is the lowest
 * survey factor whose datasheet floor all of them clear, or a higher one; where none clears it, the highest, as far down as
 * real receivers have decoded; and where that is not enough either, a beacon's, as far down.
 */
export function planReplay({ links }: MeasuredLinks): ReplayPlan {
  const gateways = new Map(links.map(({ gateway, gatewayPlace }) => [gateway, gatewayPlace]));
  const points = groupBy(links, ({ device }) => `${device.latitude},${device.longitude}`);
  return {
    gateways: [...gateways].sort(([a], [b]) => compareNames(a, b)).map(([name, place]) => ({ name, place })),
    points: points.map(planPoint),
    links: links.length,
  };
}

function planPoint(links: readonly MeasuredLink[]): TestPoint {
  const packets = groupBy(links, ({ packet }) => String(packet));
  const surveyed: MeasuredPacket[] = [];
  const beaconed: MeasuredPacket[] = [];
  for (const receptions of packets) {
    const weakestDb = Math.min(...receptions.map(({ snrDb }) => snrDb));
    const number = receptions[0]?.packet ?? 0;
    const reaches = (factor: number, allowanceDb: number): boolean =>
      weakestDb >= (SNR_FLOOR_DB[factor] ?? 0) - allowanceDb;
    const surveyFactor =
      SURVEY_FACTORS.find((factor) => reaches(factor, 0)) ??
      SURVEY_FACTORS.slice(-1).find((factor) => reaches(factor, BELOW_FLOOR_DB));
    if (surveyFactor !== undefined) {
      surveyed.push({ number, receptions, leastSpreadingFactor: surveyFactor });
    } else {
      const beaconFactor = BEACON_FACTORS.find((factor) => reaches(factor, BELOW_FLOOR_DB)) ?? 12;
      beaconed.push({ number, receptions, leastSpreadingFactor: beaconFactor });
    }
  }
  return { place: links[0]?.device ?? { latitude: 0, longitude: 0 }, surveyed, beaconed };
}

function groupBy(links: readonly MeasuredLink[], keyOf: (link: MeasuredLink) => string): MeasuredLink[][] {
  const groups = new Map<string, MeasuredLink[]>();
  for (const link of links) {
    const group = groups.get(keyOf(link));
    if (group) group.push(link);
    else groups.set(keyOf(link), [link]);
  }
  return [...groups.values()];
}

const compareNames = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : 1);
