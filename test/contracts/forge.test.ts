import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Prints forge's tables. Installs the pinned forge first where it is not there yet. SEXTANT_FULL=1: its full counts. */
it("forge's fuzz and invariant tests pass and run every line and branch of the contracts", {
  timeout: 1_800_000,
}, async () => {
  const script = fileURLToPath(new URL('../../contracts-client/dist/forge/main.js', import.meta.url));
  const child = spawn(process.execPath, [script, 'coverage'], { stdio: ['ignore', 'inherit', 'inherit'] });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
});
