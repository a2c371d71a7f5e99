import { type IdKind, parseId } from '@sextant/firmware-bridge/protocol';
import { isValidCell } from 'h3-js';
import { z } from 'zod';
import { type Bounds, COVERAGE_RESOLUTION } from '../api/index.ts';
import { ApiProblem } from './api-problem.ts';
import { Cell, ParticipantIdText } from './schemas/text.ts';

/** Largest index the database keeps for an epoch. */
const EPOCH_MAX = 2_147_483_647;

export const IdParameter = z.object({ id: ParticipantIdText.describe('`hs1…`, the id of a hotspot') });
export const CellParameter = z.object({ cell: Cell.describe('H3 index of resolution 1–9, 15 lower-case hex digits') });
export const epochIndex = z.int().min(0).max(EPOCH_MAX);
export const EpochParameter = z.object({ epoch: epochIndex.describe('Index of a closed epoch') });

export const limitOf = (max: number, byDefault: number) =>
  z.int().min(1).max(max).default(byDefault).describe('Items a page, at most');

/** The 32-byte key of an id. Throws `bad_parameter` for a mistyped one and for another kind of participant. */
export function keyOfId(id: string, ...kinds: readonly IdKind[]): Uint8Array {
  const parsed = parseId(id);
  if (parsed && kinds.includes(parsed.kind)) return parsed.publicKey;
  throw new ApiProblem(
    'bad_parameter',
    parsed
      ? `\`${id}\` is the id of a ${parsed.kind.replace('_', ' ')}; here belongs that of a ${kinds.join(' or ').replaceAll('_', ' ')}.`
      : 'The id is mistyped: its check digits do not fit. Copy it again, all of its 61 characters.',
  );
}

/** Throws `bad_parameter` for a number that is no H3 cell of resolution 1–9. */
export function cellOfText(text: string): { readonly cell: bigint; readonly resolution: number } {
  const resolution = Number.parseInt(text.charAt(1), 16);
  if (!isValidCell(text) || resolution < 1 || resolution > COVERAGE_RESOLUTION) {
    throw new ApiProblem('bad_parameter', '`cell` is no H3 cell of resolution 1–9. Example: 891e24aa8d7ffff.');
  }
  return { cell: BigInt(`0x${text}`), resolution };
}

/** `west,south,east,north`. Throws `bad_parameter`. */
export function boundsOfText(text: string): Bounds {
  const numbers = text.split(',').map((part) => (/^-?\d{1,3}(\.\d{1,20})?$/.test(part) ? Number(part) : Number.NaN));
  const [west, south, east, north] = numbers as [number, number, number, number];
  const isBox =
    numbers.length === 4 && Math.abs(west) <= 180 && Math.abs(east) <= 180 && -90 <= south && south <= north;
  if (!isBox || !(north <= 90)) {
    throw new ApiProblem(
      'bad_parameter',
      '`bbox` is west,south,east,north in degrees, e.g. 16.4,49.1,16.8,49.3; longitudes within ±180, latitudes within ±90, south below north.',
    );
  }
  return [west, south, east, north];
}
