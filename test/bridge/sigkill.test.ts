import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  createParticipantKeys,
  createSystemRandom,
  type ParticipantStatus,
  sumOf,
} from '@sextant/firmware-bridge/bridge';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { bytesToHex, decodeEnvelope, decodeReportBatch, unixMs } from '@sextant/firmware-bridge/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteFaults } from '../support/faults.ts';
import { runs } from '../support/runs.ts';
import type { ChildSettings } from './support/bridge-child.ts';
import { DEMO, TestOracle } from './support/test-oracle.ts';

const CHILD = fileURLToPath(new URL('../dist/bridge/support/bridge-child.js', import.meta.url));
/** Frames of one run are numbered within its thousand-million: no two runs hear the same beacon. */
const FRAMES_A_RUN = 1_000_000;

let folder: string;
let oracle: TestOracle;
let settings: ChildSettings;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigkill-'));
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

/** Runs a bridge that hears beacons, kills it at a random moment; how many of its beacons it had said are safe. */
async function killedRun(run: number): Promise<number> {
  const child = fork(CHILD, [JSON.stringify({ ...settings, firstFrame: run * FRAMES_A_RUN })], {
    stdio: 'inherit',
    execArgv: [],
  });
  children.add(child);
  let safe = 0;
  child.on('message', (message: { safe: number }) => {
    safe = Math.max(safe, message.safe);
  });
  const exited = once(child, 'exit');
  if (run % 8 !== 7) await once(child, 'message');
  await sleep(Math.random() * 400);
  if (run % 5 === 4) oracle.dropConnections();
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  children.delete(child);
  return safe;
}

async function finalRun(): Promise<ParticipantStatus['outbox']> {
  const child = fork(CHILD, [JSON.stringify(settings)], { stdio: 'inherit', execArgv: [] });
  children.add(child);
  const [message] = (await once(child, 'message')) as [{ outbox: ParticipantStatus['outbox'] }];
  expect(await once(child, 'exit')).toEqual([0, null]);
  return message.outbox;
}

it('killed at any moment, under load: what was safe is in the log once, nothing is forgotten', {
  timeout: 600_000,
}, async () => {
  const kills = runs(40);
  const safeOf: number[] = [];
  for (let run = 0; run < kills; run++) safeOf.push(await killedRun(run));
  const outbox = await finalRun();

  const timesLogged = new Map<number, number>();
  const contentOf = new Map<string, string>();
  let reports = 0;
  for (const bytes of oracle.log) {
    const envelope = decodeEnvelope(bytes);
    const batch = envelope.ok ? decodeReportBatch(envelope.value.payload) : envelope;
    if (!batch.ok) throw new Error('the log holds something else');
    const name = `${batch.value.incarnation}/${batch.value.sequence}`;
    expect(contentOf.has(name), `two contents of one name: ${name}`).toBe(false);
    contentOf.set(name, bytesToHex(bytes));
    reports += batch.value.reports.length;
    for (const report of batch.value.reports) {
      if (report.kind !== 'witness') continue;
      const frame = Buffer.from(report.beaconTag).readUInt32BE();
      timesLogged.set(frame, (timesLogged.get(frame) ?? 0) + 1);
    }
  }
  const lost: number[] = [];
  for (const [run, safe] of safeOf.entries()) {
    for (let i = 0; i < safe; i++) if (!timesLogged.has(run * FRAMES_A_RUN + i)) lost.push(run * FRAMES_A_RUN + i);
  }
  expect(lost).toEqual([]);
  expect([...timesLogged.values()].filter((times) => times !== 1)).toEqual([]);
  expect(safeOf.reduce((sum, safe) => sum + safe, 0)).toBeGreaterThan(kills * 10);
  // The counters were killed as often as the reports were, and still balance.
  expect(outbox).toMatchObject({ inOutbox: 0, bytes: 0, totals: { deadLettered: {}, dropped: {} } });
  expect(sumOf(outbox.totals.created)).toBe(reports);
  expect(outbox.totals.receipted).toEqual(outbox.totals.created);
  noteFaults('sigkill', kills);
});
