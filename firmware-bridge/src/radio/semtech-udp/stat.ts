import type { GatewayReading } from '../gateway-driver.ts';
import { integerIn, isJsonObject, type JsonObject, numberIn, stringIn } from './json-object.ts';

/** A gateway's `stat`, without what the driver adds. */
export interface ParsedStat extends Omit<GatewayReading, 'eui' | 'receivedAtMs' | 'gpsLock'> {
  /** It carried `lati` and `long`: free text of a configuration file (`fake_gps`), so only the fact is kept. */
  readonly hasPosition: boolean;
}

const UINT32_MAX = 0xffff_ffff;
const MAX_SOFTWARE_BYTES = 64;

/**
 * The `stat` object of a PUSH_DATA; undefined when it is none. Everything in it is optional. `pfrm` is an addition of
 * the TTN and ChirpStack forks. Source: sx1302_hal V2.1.0, packet_forwarder/PROTOCOL.md §4.
 */
export function parseStat(value: unknown): ParsedStat | undefined {
  if (!isJsonObject(value)) return undefined;
  const framesReceived = integerIn(value, 'rxnb', 0, UINT32_MAX);
  const framesSent = integerIn(value, 'txnb', 0, UINT32_MAX);
  const temperatureDc = temperature(value);
  return {
    gatewaySoftware: printable(stringIn(value, 'pfrm', 1024) ?? ''),
    hasPosition: typeof value['lati'] === 'number' && typeof value['long'] === 'number',
    ...(framesReceived === undefined ? {} : { framesReceived }),
    ...(framesSent === undefined ? {} : { framesSent }),
    ...(temperatureDc === undefined ? {} : { temperatureDc }),
  };
}

/** Boards without a sensor send garbage. */
function temperature(stat: JsonObject): number | undefined {
  const celsius = numberIn(stat, 'temp', -60, 125);
  return celsius === undefined ? undefined : Math.round(celsius * 10);
}

/** Without control characters and cut to whole characters within 64 bytes. */
function printable(text: string): string {
  let kept = '';
  let bytes = 0;
  for (const character of text.replaceAll(/[\p{C}]/gu, '')) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_SOFTWARE_BYTES) break;
    kept += character;
  }
  return kept;
}
