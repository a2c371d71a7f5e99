import { buildSite } from '@sextant/coverage-map/build';
import { watchParent } from '@sextant/firmware-bridge/parent-watch';

/** Builds the map as a process of its own: a quarter of a minute of work that must hold up nobody. */

watchParent(() => process.exit(1));
process.on('SIGTERM', () => process.exit(0));

try {
  const built = await buildSite({ progress: (progress) => process.send?.({ type: 'site/progress', progress }) });
  process.send?.({ type: 'site/built', siteDir: built.siteDir, basemapDir: built.basemapDir });
  if (process.connected) process.disconnect();
} catch (error) {
  console.error(error);
  process.send?.({ type: 'site/failed', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
