/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** A full tile spans eight levels of the tree. */
export const TILE_HEIGHT = 8;

/** Where the latest checkpoint is found. */
export const CHECKPOINT_PATH = 'checkpoint';

/** `tile/<level>/<index>`, with `.p/<width>` when it is partial. */
export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  return `tile/${level}/${indexPath(index)}${partialSuffix(width)}`;
}

/** `tile/entries/<index>`, with `.p/<width>` when it is partial. */
export function bundlePath(index: number, width: number = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index)}${partialSuffix(width)}`;
}

/** The folder of the partial versions of a full tile or bundle. */
export function partialsPath(fullPath: string): string {
  return `${fullPath}.p`;
}

/** How many of a tree's hashes the tile holds: 0 when it does not exist at that size. */
export function tileWidth(level: number, index: number, treeSize: number): number {
  const hashes = Math.floor(treeSize / TILE_WIDTH ** level) - index * TILE_WIDTH;
  return Math.min(Math.max(hashes, 0), TILE_WIDTH);
}

/** 1234067 → `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

function partialSuffix(width: number): string {
  return width < TILE_WIDTH ? `.p/${width}` : '';
}
