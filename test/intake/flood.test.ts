import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { decodeEnvelope, encodeEnvelope } from '@sextant/firmware-bridge/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HotspotClient, meaningOf } from './support/hotspot-client.ts';
import { batchOf, hotspot, knowing, type TestHotspot, tokenOf } from './support/participants.ts';
import { startTestIntake, type TestIntake } from './support/test-intake.ts';

const clock = createSystemClock();
const honest = Array.from({ length: 8 }, (_, i) => hotspot(i));
const flooder = hotspot(100);
/** Ten times the permitted 120 a minute. */
const FLOOD_EVERY_MS = 60_000 / 120 / 10;
const BURST = 240;

let folder: string;
let intake: TestIntake;
let sequence = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sextant-flood-'));
  intake = await startTestIntake({ folder, clock, knownKeys: knowing([...honest, flooder]) });
});
afterEach(async () => {
  await intake.close();
  await rm(folder, { recursive: true });
});

const enter = (who: TestHotspot): Promise<HotspotClient> =>
  HotspotClient.open(`mqtt://127.0.0.1:${intake.port}`, who, tokenOf(who, clock.now(), { lifetimeMs: 300_000 }));

/** Publishes without waiting: what the answer is, the client's list of answers says. */
const throwIn = (client: HotspotClient, envelope: Uint8Array): void => {
  client.publish(envelope).catch(() => undefined);
};

const fresh = (who: TestHotspot): Uint8Array => batchOf(who, { sequence: sequence++, createdAtMs: clock.now() });

/** Receipt latencies of honest hotspots that send one batch after the other. */
async function latencies(clients: readonly HotspotClient[], each: number): Promise<number[]> {
  const lanes = clients.map(async (client) => {
    const times: number[] = [];
    for (let i = 0; i < each; i++) {
      const envelope = fresh(client.hotspot);
      const start = performance.now();
      const answer = await client.send(envelope);
      times.push(performance.now() - start);
      expect(meaningOf(envelope, answer, client.hotspot)).toMatch(/^receipt/);
    }
    return times;
  });
  return (await Promise.all(lanes)).flat();
}

const p95 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;

it('ten times the permitted rate from one hotspot leaves the p95 of the others within a factor of two', async () => {
  const clients = await Promise.all(honest.map(enter));
  const bad = await enter(flooder);
  for (let i = 0; i < BURST; i++) throwIn(bad, fresh(flooder));
  await expect.poll(() => bad.answers.length, { timeout: 20_000 }).toBe(BURST);
  await latencies(clients, 5);

  const quiet: number[] = [];
  const flooded: number[] = [];
  for (let phase = 0; phase < 3; phase++) {
    quiet.push(...(await latencies(clients, 12)));
    let flooding = true;
    const flood = (async () => {
      while (flooding) {
        bad.mqtt.publish(`sextant/v1/intake-test/report/${flooder.id}`, Buffer.from(fresh(flooder)), { qos: 0 });
        await delay(FLOOD_EVERY_MS);
      }
    })();
    flooded.push(...(await latencies(clients, 12)));
    flooding = false;
    await flood;
  }
  expect(p95(flooded)).toBeLessThanOrEqual(2 * p95(quiet));
  await Promise.all([...clients, bad].map((client) => client.close()));
});

it('answers everything of a flood: receipts up to the burst, then when to try again', async () => {
  const bad = await enter(flooder);
  const total = 2 * BURST;
  for (let i = 0; i < total; i++) throwIn(bad, fresh(flooder));
  await expect.poll(() => bad.answers.length, { timeout: 40_000 }).toBe(total);
  const receipts = bad.answers.filter(({ kind }) => kind === 'receipt');
  expect(receipts.length).toBeGreaterThanOrEqual(BURST);
  expect(receipts.length).toBeLessThan(BURST + 120);
  for (const answer of bad.answers) {
    if (answer.kind === 'refusal') expect([answer.reason, answer.retryAfterMs > 0]).toEqual(['rate_exceeded', true]);
  }
  await bad.close();
});

it('lets forged signatures use up the rate of the one who sends them', async () => {
  const [bad, good] = [await enter(flooder), await enter(honest[0] as TestHotspot)];
  for (let i = 0; i < 30; i++) {
    const envelope = decodeEnvelope(fresh(flooder));
    if (!envelope.ok) throw new Error('a good envelope cannot be decoded');
    const forged = encodeEnvelope({ ...envelope.value, signature: new Uint8Array(64).fill(i + 1) });
    throwIn(bad, forged);
    await expect.poll(() => bad.answers.length, { timeout: 20_000 }).toBe(i + 1);
  }
  const reasons = bad.answers.map((answer) => (answer.kind === 'refusal' ? answer.reason : 'receipt'));
  const checked = reasons.filter((reason) => reason === 'bad_signature').length;
  expect(checked).toBeGreaterThanOrEqual(BURST / 21);
  expect(checked).toBeLessThan(25);
  expect(new Set(reasons)).toEqual(new Set(['bad_signature', 'rate_exceeded']));
  expect(await latencies([good], 3)).toHaveLength(3);
  await Promise.all([bad.close(), good.close()]);
});
