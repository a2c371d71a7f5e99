import { createHash } from 'node:crypto';
import { revealAtMs, roundStartMs, unixMs } from '@sextant/firmware-bridge/protocol';
import { expect, it } from 'vitest';
import { BridgeHarness, beaconFrame, eui, timing } from './support/bridge-harness.ts';

/** A scripted while of two hotspots and a survey device; every batch that was published, in order, by sender. */
async function play(seed: string): Promise<Record<string, string[]>> {
  const harness = await BridgeHarness.begin();
  try {
    const position = () => ({
      start: () => undefined,
      stop: () => Promise.resolve(),
      latest: () => ({
        atMs: harness.clock.now(),
        latitudeDeg: 49.2,
        longitudeDeg: 16.6,
        satellites: 8,
        hdopTenths: 9,
        speedDmps: 50,
      }),
      problem: () => undefined,
    });
    const running = await harness.start({ hotspots: 2, surveys: 1, seed, position });
    let heard = 0;
    for (let round = 0; round < 3; round++) {
      await harness.oracle.announce(round, round + 1);
      await expect.poll(async () => (await running.bridge.status()).round.isCertified).toBe(true);
      await running.bridge.idle();
      const endMs = roundStartMs(timing, round + 1);
      while (harness.clock.now() < endMs) {
        for (let i = 0; i < 3; i++) running.driver.hear(eui(1 + (heard % 2)), beaconFrame(heard++));
        await harness.clock.advanceTo(unixMs(Math.min(harness.clock.now() + 19_000, endMs)));
        await running.bridge.idle();
      }
    }
    await harness.advanceSettled(running.bridge, revealAtMs(timing, 37), 10_000);
    const published: Record<string, string[]> = {};
    for (const { hotspotId, envelope } of harness.oracle.submissions) {
      (published[hotspotId] ??= []).push(createHash('sha256').update(envelope).digest('hex'));
    }
    return published;
  } finally {
    await harness.end();
  }
}

it('one seed and one steered clock give the same batches, byte for byte; another seed gives others', async () => {
  const first = await play('a');
  expect(Object.keys(first)).toHaveLength(3);
  for (const batches of Object.values(first)) expect(batches.length).toBeGreaterThan(4);
  expect(await play('a')).toEqual(first);
  const other = await play('b');
  for (const [id, batches] of Object.entries(other)) expect(first[id]).not.toEqual(batches);
});
