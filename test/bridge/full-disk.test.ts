import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createParticipantKeys,
  createSystemRandom,
  type ParticipantStatus,
  sumOf,
} from '@sextant/firmware-bridge/bridge';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import type { ChildMessage, ChildSettings } from './support/bridge-child.ts';
import { DEMO, TestOracle } from './support/test-oracle.ts';

const CHILD = fileURLToPath(new URL('../dist/bridge/support/bridge-child.js', import.meta.url));
/** No file may grow beyond this: the write that would fails as on a full disk (EFBIG in place of ENOSPC). */
const FILE_LIMIT_KIB = 256;

let folder: string;
let oracle: TestOracle;
let settings: ChildSettings;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'full-disk-'));
  const genesisMs = unixMs(Date.now() - 600_000);
  oracle = new TestOracle(createSystemClock(), { genesisMs, ...DEMO });
  await oracle.start();
  const { id } = await createParticipantKeys(join(folder, 'keys'), 'hotspot', createSystemRandom());
  settings = { folder, id, brokerUrl: oracle.brokerUrl, genesisMs };
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await oracle.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A bridge in a shell's limits. `ulimit -f` counts kibibytes in bash; the signal of a too large file must not kill. */
function startLimited(childSettings: ChildSettings, limit: string): ChildProcess {
  const command = `trap '' XFSZ; ${limit} exec "$0" "$@"`;
  const child = spawn('bash', ['-c', command, process.execPath, CHILD, JSON.stringify(childSettings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.add(child);
  return child;
}

it('a disk that takes no more: an error that says so, nothing stored is lost, and it goes on by itself', {
  timeout: 120_000,
}, async () => {
  await oracle.stop();
  const wanted = runs(10);
  const limited = startLimited({ ...settings, firstFrame: 0 }, `ulimit -f ${FILE_LIMIT_KIB};`);
  let [safe, failures, recoveries, isFailing] = [0, 0, 0, false];
  limited.on('message', (message: ChildMessage) => {
    if (!('safe' in message)) return;
    safe = Math.max(safe, message.safe);
    const fails = message.storageProblem !== undefined;
    if (fails && !isFailing) failures++;
    if (!fails && isFailing) recoveries++;
    if (fails) expect(message.storageProblem).toContain('Free some space');
    isFailing = fails;
  });
  await expect.poll(() => recoveries, { timeout: 250_000, interval: 200 }).toBeGreaterThanOrEqual(wanted);
  expect(failures).toBeGreaterThanOrEqual(wanted);
  limited.kill('SIGKILL');
  await once(limited, 'exit');

  await oracle.start();
  const last = startLimited(settings, '');
  const [{ outbox }] = (await once(last, 'message')) as [{ outbox: ParticipantStatus['outbox'] }];
  await once(last, 'exit');
  expect(outbox.inOutbox).toBe(0);
  expect(sumOf(outbox.totals.created)).toBe(sumOf(outbox.totals.receipted) + sumOf(outbox.totals.dropped));
  const logged = new Set(
    oracle.submissions.flatMap(({ batch }) =>
      batch.reports.flatMap((report) =>
        report.kind === 'witness' ? [Buffer.from(report.beaconTag).readUInt32BE()] : [],
      ),
    ),
  );
  expect(logged.size).toBeGreaterThanOrEqual(safe);
  expect(safe).toBeGreaterThan(200);
});
