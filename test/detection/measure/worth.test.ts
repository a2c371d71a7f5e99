import { describe, expect, it } from 'vitest';
import { HeliumNetwork } from '../helium/helium-network.ts';
import { SextantNetwork } from '../sextant/sextant-network.ts';
import type { Reception } from '../worlds/radio.ts';
import { createWorld, runHonestEpoch } from '../worlds/world.ts';

const world = createWorld('worth', { honest: 30, settledEpochs: 0, epochs: 1 });
const onAir = runHonestEpoch(world, 0);
const LATE_MS = 3_600_000;

/** What all honest work was worth, if it came an hour late: no rule set pays for that. */
function worthOf(network: SextantNetwork | HeliumNetwork, more: Pick<Reception, 'isRepeat'>): number {
  const receptions = onAir.receptions.map((one) => ({
    ...one,
    receivedAfterMs: one.receivedAfterMs + LATE_MS,
    arrivedMs: one.arrivedMs + LATE_MS,
    ...more,
  }));
  const { earned, possible } = network.close({ ...onAir, receptions });
  expect([...earned.values()].filter((part) => part > 0)).toEqual([]);
  return [...possible.values()].reduce((sum, part) => sum + part, 0);
}

describe.each([
  ['sextant', () => new SextantNetwork()],
  ['helium', () => new HeliumNetwork()],
] as const)('honest work that is refused, under the rules of %s', (_, open) => {
  it('is a loss of the honest', () => {
    expect(worthOf(open(), {})).toBeGreaterThan(0);
  });

  it('is none where not the sender was heard, but a frame that somebody else sent once more', () => {
    expect(worthOf(open(), { isRepeat: true })).toBe(0);
  });
});
