import { join } from 'node:path';
import type { InlineConfig } from 'vite';

/** What the shell and later chunks share, in one file: six small ones pack worse, and the shell has few bytes. */
const SHARED = /lit|oracle.src|src.(layers|panels.(icons|parts)|state|words.(quantities|residuals|subjects|times))/;

export interface SiteConfigOptions {
  /** The workspace coverage-map. */
  readonly root: string;
  readonly outDir: string;
  readonly basemapVersion: string;
}

/**
 * How the site is built: everything as files of its own (nothing inlined as `data:`), so that it runs under
 * `default-src 'self'`, and MapLibre in a chunk that comes after the first paint.
 */
export function siteConfig({ root, outDir, basemapVersion }: SiteConfigOptions): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    cacheDir: join(root, 'dist', '.vite'),
    logLevel: 'error',
    define: { BASEMAP_VERSION: JSON.stringify(basemapVersion) },
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      // The first versions with light-dark().
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, test: SHARED }] } } },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1500,
    },
  };
}
