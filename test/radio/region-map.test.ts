import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const build = fileURLToPath(new URL('../../firmware-bridge/dist/region-map/build.js', import.meta.url));

it('the committed region map is what its script makes of the borders and the lists', async () => {
  await expect(promisify(execFile)(process.execPath, [build, '--check'])).resolves.toBeDefined();
}, 180_000);
