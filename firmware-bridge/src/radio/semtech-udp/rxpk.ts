import { type Ddbm, ddbFromDb, ddbmFromDbm, hertz, hertzFromMhz } from '../../protocol/index.ts';
import type { ReceivedFrame } from '../gateway-driver.ts';
import { integerIn, isJsonObject, type JsonObject, numberIn, stringIn } from './json-object.ts';

/** Why one received packet is not passed on. A closed list: each is counted. */
export type RxpkRefusal =
  | 'rxpk_not_an_object'
  | 'rxpk_not_lora'
  | 'rxpk_crc_not_ok'
  | 'rxpk_data_rate'
  | 'rxpk_frequency'
  | 'rxpk_counter'
  | 'rxpk_signal'
  | 'rxpk_payload';

/** A received packet as the forwarder tells it: the counter is still the raw 32-bit one. */
export interface ParsedRxpk extends Omit<ReceivedFrame, 'eui' | 'receivedAtMs' | 'gatewayTimeUs'> {
  /** `tmst`: microseconds at the end of reception, wraps at 2^32. */
  readonly counterUs: number;
}

const UINT32_MAX = 0xffff_ffff;
const MAX_ANTENNAS = 16;
const DATA_RATE = /^SF(5|6|7|8|9|10|11|12)BW(125|250|500)$/;
/** Standard and URL-safe alphabet, padded or not: forwarders and their documentation use all of them. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const MAX_PHY_BYTES = 255;
const MAX_BASE64_CHARS = 344;

/**
 * One element of a PUSH_DATA's `rxpk`. Each stands alone: an odd one must not cost the others of its datagram.
 * Both RSSI conventions are kept apart: `rssi` is of the channel, `rssis` of the signal. `time`, `codr`, `chan`, `rfch`,
 * `mid`, `brd` carry nothing the bridge needs. Source: sx1302_hal V2.1.0, packet_forwarder/PROTOCOL.md §4.
 */
export function parseRxpk(value: unknown): ParsedRxpk | RxpkRefusal {
  if (!isJsonObject(value)) return 'rxpk_not_an_object';
  if (value['modu'] !== 'LORA') return 'rxpk_not_lora';
  if (value['stat'] !== 1) return 'rxpk_crc_not_ok';
  const rate = DATA_RATE.exec(stringIn(value, 'datr', 16) ?? '');
  if (rate === null) return 'rxpk_data_rate';
  const mhz = numberIn(value, 'freq', 1, UINT32_MAX / 1e6);
  if (mhz === undefined) return 'rxpk_frequency';
  const counterUs = integerIn(value, 'tmst', 0, UINT32_MAX);
  if (counterUs === undefined) return 'rxpk_counter';
  const signal = parseSignal(bestAntenna(value));
  if (signal === undefined) return 'rxpk_signal';
  const phyPayload = parsePayload(value);
  if (phyPayload === undefined) return 'rxpk_payload';
  const gpsMs = integerIn(value, 'tmms', 1, Number.MAX_SAFE_INTEGER);
  return {
    phyPayload,
    frequencyHz: hertzFromMhz(mhz),
    spreadingFactor: Number(rate[1]),
    bandwidthHz: hertz(Number(rate[2]) * 1000),
    counterUs,
    ...signal,
    ...(gpsMs === undefined ? {} : { gpsTimeNs: BigInt(gpsMs) * 1_000_000n }),
  };
}

/**
 * Where the signal fields are: multi-board gateways put them into `rsig`, one element an antenna, and the best SNR
 * speaks for the packet; everybody else has them in the packet itself.
 */
function bestAntenna(rxpk: JsonObject): JsonObject {
  const antennas = rxpk['rsig'];
  if (!Array.isArray(antennas)) return rxpk;
  let best: JsonObject | undefined;
  let bestSnrDb = -Infinity;
  for (const antenna of antennas.slice(0, MAX_ANTENNAS)) {
    if (!isJsonObject(antenna)) continue;
    const snrDb = numberIn(antenna, 'lsnr', -100, 100);
    if (snrDb === undefined || snrDb <= bestSnrDb) continue;
    best = antenna;
    bestSnrDb = snrDb;
  }
  return best ?? rxpk;
}

type Signal = Pick<
  ReceivedFrame,
  'rssiChannelDdbm' | 'rssiSignalDdbm' | 'snrDdb' | 'frequencyOffsetHz' | 'fineTimeNs' | 'antennaIndex'
>;

function parseSignal(from: JsonObject): Signal | undefined {
  const snrDb = numberIn(from, 'lsnr', -100, 100);
  // Multi-board gateways call the channel RSSI `rssic`.
  const channel = rssi(from, 'rssi') ?? rssi(from, 'rssic');
  const signal = rssi(from, 'rssis');
  if (snrDb === undefined || (channel === undefined && signal === undefined)) return undefined;
  const frequencyOffsetHz = integerIn(from, 'foff', -1_000_000, 1_000_000);
  const fineTimeNs = integerIn(from, 'ftime', 0, 999_999_999);
  const antennaIndex = integerIn(from, 'ant', 0, 255);
  return {
    snrDdb: ddbFromDb(snrDb),
    ...(channel === undefined ? {} : { rssiChannelDdbm: channel }),
    ...(signal === undefined ? {} : { rssiSignalDdbm: signal }),
    ...(frequencyOffsetHz === undefined ? {} : { frequencyOffsetHz }),
    ...(fineTimeNs === undefined ? {} : { fineTimeNs }),
    ...(antennaIndex === undefined ? {} : { antennaIndex }),
  };
}

function rssi(from: JsonObject, field: string): Ddbm | undefined {
  const dbm = numberIn(from, field, -250, 100);
  return dbm === undefined ? undefined : ddbmFromDbm(dbm);
}

function parsePayload(rxpk: JsonObject): Uint8Array | undefined {
  const text = stringIn(rxpk, 'data', MAX_BASE64_CHARS);
  if (text === undefined || !BASE64.test(text)) return undefined;
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  if (bytes.length === 0 || bytes.length > MAX_PHY_BYTES) return undefined;
  return rxpk['size'] === undefined || rxpk['size'] === bytes.length ? bytes : undefined;
}
