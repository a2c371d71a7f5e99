import { bytesToHex, compareBytes, equalBytes, hexToBytes, utf8ToBytes } from '@sextant/firmware-bridge/protocol';
import type { LinkStatistic } from '../../location/evidence.ts';
import { LinkStatistics } from '../../location/link-statistics.ts';
import { canonicalJson } from '../../numeric/canonical-json.ts';
import { StateFault } from './json-fields.ts';
import type { LinkGeneration, RadioActivity } from './place-state.ts';

/**
 * A generation of the link window as a part of a state: RFC 8785 JSON, keys in a table, one array a radio and one a link.
 * There are as many links as all hotspots have neighbours, so they are no lines of the state.
 */
export function encodeGeneration({ generation, keys, activity, links }: LinkGeneration): Uint8Array {
  return utf8ToBytes(
    canonicalJson({
      generation,
      keys: keys.map(bytesToHex),
      activity: activity.map(({ transmissions, onlineRounds }) => [transmissions, onlineRounds]),
      links: links.map(linkRow),
    }),
  );
}

function linkRow(link: LinkStatistic) {
  const { sumX, sumXX, sumY, sumXY } = link.steps;
  const cell = link.senderCell.toString(16);
  const sums = [link.count, link.sumLossDdb, link.sumSquaredLoss, sumX, sumXX, sumY, sumXY, link.sumDelayMs];
  return [link.sender, cell, link.receiver, ...sums, link.firstEpoch, link.lastEpoch];
}

/** Reads what `encodeGeneration` wrote; anything but the one serialisation throws `StateFault`. */
export function decodeGeneration(bytes: Uint8Array): LinkGeneration {
  const generation = generationOf(parsed(bytes));
  if (!equalBytes(encodeGeneration(generation), bytes)) throw fault();
  return generation;
}

function generationOf(value: unknown): LinkGeneration {
  const members = objectOf(value);
  const keys = listOf(members['keys']).map(keyOf);
  if (keys.some((key, i) => i > 0 && compareBytes(keys[i - 1] as Uint8Array, key) >= 0)) throw fault();
  const activity = listOf(members['activity']).map(activityOf);
  if (activity.length !== keys.length) throw fault();
  const rows = listOf(members['links']).map((row) => linkOf(row, keys.length));
  const statistics = new LinkStatistics();
  for (const link of rows) statistics.merge(link);
  return { generation: integerOf(members['generation']), keys, activity, links: statistics.list() };
}

function linkOf(value: unknown, radios: number): LinkStatistic {
  const row = listOf(value);
  const at = (index: number, least = Number.MIN_SAFE_INTEGER): number => integerOf(row[index], least);
  const [sender, receiver] = [at(0, 0), at(2, 0)];
  if (row.length !== 13 || sender >= radios || receiver >= radios) throw fault();
  return {
    sender,
    senderCell: cellOf(row[1]),
    receiver,
    count: at(3, 1),
    sumLossDdb: at(4),
    sumSquaredLoss: at(5, 0),
    steps: { sumX: at(6), sumXX: at(7, 0), sumY: at(8), sumXY: at(9) },
    sumDelayMs: at(10),
    firstEpoch: at(11, 0),
    lastEpoch: at(12, 0),
  };
}

function activityOf(value: unknown): RadioActivity {
  const row = listOf(value);
  if (row.length !== 2) throw fault();
  return { transmissions: integerOf(row[0]), onlineRounds: integerOf(row[1]) };
}

function parsed(bytes: Uint8Array): unknown {
  if (bytes.some((byte) => byte > 0x7e)) throw fault();
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  try {
    return JSON.parse(pieces.join(''));
  } catch {
    throw fault();
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault();
  return value as Record<string, unknown>;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw fault();
  return value;
}

function integerOf(value: unknown, least = 0): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) throw fault();
  return value;
}

function keyOf(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw fault();
  return hexToBytes(value);
}

function cellOf(value: unknown): bigint {
  if (typeof value !== 'string' || !/^[0-9a-f]{1,16}$/.test(value)) throw fault();
  return BigInt(`0x${value}`);
}

const fault = (): StateFault => new StateFault('window.digest');
