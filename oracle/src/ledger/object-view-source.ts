import { TREE_HASH_BYTES } from '@sextant/firmware-bridge/protocol';
import { BUNDLE_MAX_BYTES, decodeBundle } from './entry-bundle.ts';
import { LedgerError } from './ledger-error.ts';
import type { ObjectSource } from './storage.ts';
import { bundlePath, TILE_WIDTH, tilePath } from './tile-path.ts';

/** At least `width` hashes of a tile from a log's public files, the partial one or, where that is gone, the full one. */
export async function readTile(
  objects: ObjectSource,
  level: number,
  index: number,
  width: number,
): Promise<Uint8Array> {
  const partial = tilePath(level, index, width);
  const full = tilePath(level, index);
  const { path, bytes } = await readEither(objects, [partial, full], TILE_WIDTH * TREE_HASH_BYTES);
  const hashes = path === full ? TILE_WIDTH : width;
  if (bytes.length !== hashes * TREE_HASH_BYTES) throw malformed(path, bytes.length);
  return bytes;
}

/** At least `width` entries of a bundle from a log's public files. */
export async function readBundle(objects: ObjectSource, index: number, width: number): Promise<readonly Uint8Array[]> {
  const full = bundlePath(index);
  const { path, bytes } = await readEither(objects, [bundlePath(index, width), full], BUNDLE_MAX_BYTES);
  const entries = decodeBundle(bytes, TILE_WIDTH);
  if (entries?.length !== (path === full ? TILE_WIDTH : width)) throw malformed(path, bytes.length);
  return entries;
}

async function readEither(objects: ObjectSource, paths: readonly string[], maxBytes: number) {
  for (const path of new Set(paths)) {
    const bytes = await objects.read(path, maxBytes);
    if (bytes !== undefined) return { path, bytes };
  }
  throw new LedgerError(
    'not_found',
    `${paths[0]} is missing: the log is incomplete here. Fetch it from another copy of the log.`,
    { path: paths[0] },
  );
}

function malformed(path: string, bytes: number): LedgerError {
  return new LedgerError('malformed', `${path} is not what its format says. Fetch it from another copy of the log.`, {
    path,
    bytes,
  });
}
