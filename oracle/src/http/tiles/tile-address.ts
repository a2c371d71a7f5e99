import { TILE_MAX_ZOOM } from '../../api/index.ts';

export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Three numbers or decimal texts → a tile that exists; undefined for anything else (fractions, signs, out of range). */
export function parseTileAddress(z: string | number, x: string | number, y: string | number): TileAddress | undefined {
  const zoom = parseIndex(z, TILE_MAX_ZOOM + 1);
  if (zoom === undefined) return undefined;
  const column = parseIndex(x, 2 ** zoom);
  const row = parseIndex(y, 2 ** zoom);
  return column === undefined || row === undefined ? undefined : { z: zoom, x: column, y: row };
}

export const tileKey = ({ z, x, y }: TileAddress): string => `${z}/${x}/${y}`;

function parseIndex(value: string | number, end: number): number | undefined {
  const text = String(value);
  if (!/^(0|[1-9]\d{0,7})$/.test(text)) return undefined;
  const index = Number(text);
  return index < end ? index : undefined;
}
