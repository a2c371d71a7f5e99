import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BasemapStamp, buildBasemap, replaceFolder } from '../basemap/build.ts';
import { findRoot } from '../basemap/find-root.ts';
import { exclusively } from './exclusive.ts';
import { siteConfig } from './site-config.ts';

/** How far a build is; `done` of `total` in no particular unit. */
export interface BuildProgress {
  readonly step: 'basemap' | 'site';
  readonly done: number;
  readonly total: number;
}

export interface BuiltSite {
  /** `index.html` and `assets/`, whose names carry their hash. */
  readonly siteDir: string;
  /** `{z}/{x}/{y}.mvt.gz`: to be served as `/basemap/{z}/{x}/{y}.mvt` with `Content-Encoding: gzip`, for ever. */
  readonly basemapDir: string;
  readonly basemap: BasemapStamp;
}

export interface BuildSiteOptions {
  readonly progress?: (progress: BuildProgress) => void;
}

const SITE_STAMP = 'stamp.json';
/**
 * Builds what the website consists of: the basemap and the site, each only when what it is made from has changed. About a
 * quarter of a minute the first time, at once after that. Processes that ask at the same time wait for the one that builds.
 */
export async function buildSite(options: BuildSiteOptions = {}): Promise<BuiltSite> {
  const root = findRoot();
  return exclusively(join(root, 'dist', '.building'), () => buildWhatChanged(root, options));
}

async function buildWhatChanged(root: string, { progress }: BuildSiteOptions): Promise<BuiltSite> {
  const basemapDir = join(root, 'dist', 'basemap');
  const siteDir = join(root, 'dist', 'site');
  const basemap = buildBasemap({
    outDir: basemapDir,
    progress: (done, total) => progress?.({ step: 'basemap', done, total }),
  });
  const inputs = hashSite(root, basemap.content);
  if (readStamp(siteDir) !== inputs) {
    progress?.({ step: 'site', done: 0, total: 1 });
    await bundle(root, siteDir, basemap.content, inputs);
    progress?.({ step: 'site', done: 1, total: 1 });
  }
  return { siteDir, basemapDir, basemap };
}

async function bundle(root: string, siteDir: string, basemapVersion: string, inputs: string): Promise<void> {
  const { build } = await import('vite');
  const workDir = `${siteDir}.${process.pid}`;
  try {
    await build(siteConfig({ root, outDir: workDir, basemapVersion }));
    writeFileSync(join(workDir, SITE_STAMP), `${JSON.stringify({ inputs })}\n`);
    replaceFolder(workDir, siteDir);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

function readStamp(siteDir: string): string | undefined {
  try {
    const { inputs } = JSON.parse(readFileSync(join(siteDir, SITE_STAMP), 'utf8')) as { inputs?: string };
    return inputs;
  } catch {
    return undefined;
  }
}

function hashSite(root: string, basemapVersion: string): string {
  const hash = createHash('sha256').update(basemapVersion);
  const folders = ['src', 'build', '../oracle/src/api', '../contracts-client/src'];
  const sources = folders.flatMap((folder) => filesBelow(join(root, folder)));
  // package.json pins the exact versions of everything that goes in.
  for (const file of [...sources, join(root, 'index.html'), join(root, 'package.json')]) {
    hash.update(relative(root, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.test.ts') ? [] : [path];
  });
}
