import { Buffer } from 'node:buffer';

/** One packet as a concentrator heard it. */
export interface Reception {
  readonly phyPayload: Uint8Array;
  /** Centre of the IF channel. */
  readonly frequencyHz: number;
  readonly spreadingFactor: number;
  readonly bandwidthHz: number;
  readonly rssiChannelDbm: number;
  readonly rssiSignalDbm: number;
  readonly snrDb: number;
  /** By the clock of the simulation. */
  readonly startMs: number;
  readonly endMs: number;
  /** Default `ok`. */
  readonly crc?: 'ok' | 'bad' | 'none';
  readonly frequencyOffsetHz?: number;
}

/** Where the gateway's position in `stat` comes from: nowhere, a real receiver with PPS, or its configuration file. */
type GpsKind = 'none' | 'locked' | 'fake';

export interface GpsConfig {
  readonly kind: GpsKind;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeM: number;
}

/** GPS time began at 1980-01-06T00:00:00Z and has no leap seconds: UTC + 18 s since 2017. */
const GPS_EPOCH_UNIX_MS = 315_964_800_000;
const LEAP_SECONDS_MS = 18_000;

/** GPS milliseconds at a Unix moment (leap seconds of 2017). */
function gpsMsAt(unixMs: number): number {
  return unixMs - GPS_EPOCH_UNIX_MS + LEAP_SECONDS_MS;
}

/** The Unix moment of GPS milliseconds. */
export function unixMsAtGps(gpsMs: number): number {
  return gpsMs + GPS_EPOCH_UNIX_MS - LEAP_SECONDS_MS;
}

const CRC_STATUS = { ok: 1, none: 0, bad: -1 } as const;

interface RxpkContext {
  readonly counterUs: number;
  readonly tellsSignalRssi: boolean;
  readonly gps: GpsKind;
  /** `precision_timestamp` of an SX1303 with GPS. */
  readonly fineTimestamps: boolean;
}

/** One element of `rxpk`, byte for byte as lora_pkt_fwd writes it: with its stray space, six decimals of MHz, whole dBm. */
export function writeRxpk(reception: Reception, context: RxpkContext): string {
  const { tellsSignalRssi, gps, counterUs } = context;
  const crc = CRC_STATUS[reception.crc ?? 'ok'];
  const fields = [
    ...(tellsSignalRssi ? ['"jver":1'] : []),
    `"tmst":${counterUs}`,
    ...(gps === 'locked'
      ? [`"time":"${isoMicroseconds(reception.endMs)}"`, `"tmms":${Math.round(gpsMsAt(reception.endMs))}`]
      : []),
    ...(gps === 'locked' && context.fineTimestamps ? [`"ftime":${Math.round((reception.endMs % 1000) * 1e6)}`] : []),
    '"chan":0',
    '"rfch":0',
    `"freq":${(reception.frequencyHz / 1e6).toFixed(6)}`,
    ...(tellsSignalRssi ? ['"mid": 0'] : []),
    `"stat":${crc}`,
    '"modu":"LORA"',
    `"datr":"SF${reception.spreadingFactor}BW${reception.bandwidthHz / 1000}"`,
    '"codr":"4/5"',
    ...(tellsSignalRssi ? [`"rssis":${Math.round(reception.rssiSignalDbm)}`] : []),
    `"lsnr":${reception.snrDb.toFixed(1)}`,
    ...(tellsSignalRssi ? [`"foff":${Math.round(reception.frequencyOffsetHz ?? 0)}`] : []),
    `"rssi":${Math.round(reception.rssiChannelDbm)}`,
    `"size":${reception.phyPayload.length}`,
    `"data":"${Buffer.from(reception.phyPayload).toString('base64')}"`,
  ];
  return `{${fields.join(',')}}`;
}

/** What a forwarder counts between two `stat`. */
export interface StatCounts {
  received: number;
  receivedOk: number;
  forwarded: number;
  pushed: number;
  acknowledged: number;
  downlinks: number;
  transmitted: number;
}

export function zeroCounts(): StatCounts {
  return { received: 0, receivedOk: 0, forwarded: 0, pushed: 0, acknowledged: 0, downlinks: 0, transmitted: 0 };
}

/** The `stat` object: a position with GPS and with `fake_gps` alike, a temperature of sx1302 boards only. */
export function writeStat(nowMs: number, counts: StatCounts, gps: GpsConfig, hasTemperature: boolean): string {
  const time = new Date(nowMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' GMT');
  const ratio = counts.pushed === 0 ? 0 : (100 * counts.acknowledged) / counts.pushed;
  const fields = [
    `"time":"${time}"`,
    ...(gps.kind === 'none'
      ? []
      : [
          `"lati":${gps.latitude.toFixed(5)}`,
          `"long":${gps.longitude.toFixed(5)}`,
          `"alti":${Math.round(gps.altitudeM)}`,
        ]),
    `"rxnb":${counts.received}`,
    `"rxok":${counts.receivedOk}`,
    `"rxfw":${counts.forwarded}`,
    `"ackr":${ratio.toFixed(1)}`,
    `"dwnb":${counts.downlinks}`,
    `"txnb":${counts.transmitted}`,
    ...(hasTemperature ? ['"temp":31.2'] : []),
  ];
  return `{${fields.join(',')}}`;
}

function isoMicroseconds(unixMs: number): string {
  const microseconds = String(Math.floor((unixMs % 1) * 1000)).padStart(3, '0');
  return new Date(Math.floor(unixMs)).toISOString().replace('Z', `${microseconds}Z`);
}
