import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { expect, it } from 'vitest';
import { LossyDisk } from '../faults/lossy-file-system.ts';
import { seededRandom } from '../faults/seeded-random.ts';
import { HotspotClient, meaningOf } from './support/hotspot-client.ts';
import { batchOf, hotspot, knowing, tokenOf } from './support/participants.ts';
import { startTestIntake } from './support/test-intake.ts';

it('a full disk is answered with a time to try again, and the intake goes on when there is room', async () => {
  const clock = createSystemClock();
  const anna = hotspot(1);
  const folder = await mkdtemp(join(tmpdir(), 'sextant-full-disk-'));
  const disk = new LossyDisk(seededRandom(1));
  const intake = await startTestIntake({ folder, clock, knownKeys: knowing([anna]), fileSystem: disk.mount() });
  const url = `mqtt://127.0.0.1:${intake.port}`;
  const client = await HotspotClient.open(url, anna, tokenOf(anna, clock.now()));
  const batches = Array.from({ length: 6 }, (_, sequence) => batchOf(anna, { sequence, createdAtMs: clock.now() }));
  const send = async (i: number): Promise<string> => {
    const envelope = batches[i] as Uint8Array;
    const answer = await client.send(envelope);
    if (answer.kind === 'refusal') expect(answer.retryAfterMs).toBeGreaterThan(0);
    return meaningOf(envelope, answer, anna);
  };

  expect(await send(0)).toBe('receipt 0');
  disk.capacityBytes = disk.usedBytes() + 50;
  expect(await send(1)).toBe('storage_unavailable');
  expect(await Promise.all([2, 2, 3].map(send))).toEqual(Array.from({ length: 3 }, () => 'storage_unavailable'));
  expect(await send(0)).toBe('receipt 0');

  disk.capacityBytes = Number.POSITIVE_INFINITY;
  expect(await send(2)).toBe('receipt 1');
  expect(await Promise.all([1, 3, 4, 2, 5].map(send))).toEqual([2, 3, 4, 1, 5].map((leaf) => `receipt ${leaf}`));
  expect(intake.ledger.size).toBe(6);

  await client.close();
  await intake.close();
  await rm(folder, { recursive: true });
});
