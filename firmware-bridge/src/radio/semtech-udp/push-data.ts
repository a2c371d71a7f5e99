import { parseJsonObject } from './json-object.ts';
import { type ParsedRxpk, parseRxpk, type RxpkRefusal } from './rxpk.ts';
import { type ParsedStat, parseStat } from './stat.ts';

export type PushDataRefusal = RxpkRefusal | 'json' | 'rxpk_not_an_array' | 'rxpk_too_many' | 'stat_not_an_object';

export interface PushData {
  readonly frames: readonly ParsedRxpk[];
  readonly stat?: ParsedStat;
  /** What was dropped, one entry each. */
  readonly refusals: readonly PushDataRefusal[];
}

/** A forwarder fetches at most 255 packets at a time (sx1302_hal, NB_PKT_MAX). */
const MAX_PACKETS = 255;

/** The body of a PUSH_DATA: any number of packets and perhaps a status. What cannot be read is named, the rest is kept. */
export function parsePushData(body: Uint8Array): PushData {
  const root = parseJsonObject(body);
  if (root === undefined) return { frames: [], refusals: ['json'] };
  const refusals: PushDataRefusal[] = [];
  const frames = parsePackets(root['rxpk'], refusals);
  const stat = root['stat'] === undefined ? undefined : parseStat(root['stat']);
  if (root['stat'] !== undefined && stat === undefined) refusals.push('stat_not_an_object');
  return { frames, refusals, ...(stat === undefined ? {} : { stat }) };
}

function parsePackets(value: unknown, refusals: PushDataRefusal[]): ParsedRxpk[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    refusals.push('rxpk_not_an_array');
    return [];
  }
  if (value.length > MAX_PACKETS) refusals.push('rxpk_too_many');
  const frames: ParsedRxpk[] = [];
  for (const element of value.slice(0, MAX_PACKETS)) {
    const parsed = parseRxpk(element);
    if (typeof parsed === 'string') refusals.push(parsed);
    else frames.push(parsed);
  }
  return frames;
}
