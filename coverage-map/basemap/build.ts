import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findRoot } from './find-root.ts';
import { hashInputs, readInputs } from './inputs.ts';
import { basemapLayers } from './layers.ts';
import { BASEMAP_TILE_COUNT, basemapTiles } from './tiles.ts';

/** What lies in `stamp.json` beside the tiles. */
export interface BasemapStamp {
  /** SHA-256 of the data and of the recipe. */
  readonly inputs: string;
  /** First 16 hex digits of the SHA-256 of all tiles: goes into their URL, which can then be cached for ever. */
  readonly content: string;
  readonly tiles: number;
  /** Sum of the gzipped tiles. */
  readonly bytes: number;
}

export interface BuildBasemapOptions {
  /** Gets `{z}/{x}/{y}.mvt.gz` and `stamp.json`. Replaced as a whole. */
  readonly outDir: string;
  readonly progress?: (done: number, total: number) => void;
}

const STAMP = 'stamp.json';
const GZIP_LEVEL = 9;

/**
 * Builds the offline basemap (world, zooms 0–6) from package data, in about ten seconds; at once when the folder already has it
 * from the same data and recipe. Same data, same bytes.
 */
export function buildBasemap({ outDir, progress }: BuildBasemapOptions): BasemapStamp {
  const inputs = hashOf(hashInputs(), hashRecipe());
  const present = readStamp(outDir);
  if (present?.inputs === inputs) return present;
  const workDir = `${outDir}.${process.pid}`;
  rmSync(workDir, { recursive: true, force: true });
  const stamp = writeTiles(workDir, inputs, progress);
  replaceFolder(workDir, outDir);
  return stamp;
}

/** The stamp of a basemap that is there, or undefined. */
function readStamp(outDir: string): BasemapStamp | undefined {
  try {
    return JSON.parse(readFileSync(join(outDir, STAMP), 'utf8')) as BasemapStamp;
  } catch {
    return undefined;
  }
}

function writeTiles(workDir: string, inputs: string, progress: BuildBasemapOptions['progress']): BasemapStamp {
  const content = createHash('sha256');
  let done = 0;
  let bytes = 0;
  for (const tile of basemapTiles(basemapLayers(readInputs()))) {
    const folder = join(workDir, String(tile.z), String(tile.x));
    if (tile.y === 0) mkdirSync(folder, { recursive: true });
    const gzip = gzipSync(tile.bytes, { level: GZIP_LEVEL });
    content.update(`${tile.z}/${tile.x}/${tile.y}:${tile.bytes.length}\n`).update(tile.bytes);
    writeFileSync(join(folder, `${tile.y}.mvt.gz`), gzip);
    bytes += gzip.length;
    done += 1;
    if (done % 100 === 0 || done === BASEMAP_TILE_COUNT) progress?.(done, BASEMAP_TILE_COUNT);
  }
  const stamp: BasemapStamp = { inputs, content: content.digest('hex').slice(0, 16), tiles: done, bytes };
  writeFileSync(join(workDir, STAMP), `${JSON.stringify(stamp)}\n`);
  return stamp;
}

/** Puts a finished folder in the place of an older one. */
export function replaceFolder(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

/** SHA-256 of the sources of this folder: when the recipe changes, the basemap is built again. */
function hashRecipe(): string {
  const folder = join(findRoot(), 'basemap');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name));
  return hashOf(...files.sort((a, b) => (a < b ? -1 : 1)).map((name) => readFileSync(join(folder, name), 'utf8')));
}

function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
