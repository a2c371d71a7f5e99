import { describe, expect, it } from 'vitest';
import { createWorld, runHonestEpoch } from '../worlds/world.ts';
import { Reach } from './reach.ts';

const world = createWorld('reach', { honest: 40, settledEpochs: 0, epochs: 1 });
const onAir = runHonestEpoch(world, 0);

function inReach(receptions: typeof onAir.receptions): ReadonlySet<number> {
  const reach = new Reach();
  reach.add({ ...onAir, receptions });
  return reach.withFourWitnesses();
}

describe('who is in reach of four trusted witnesses', () => {
  it('is told by what was heard', () => {
    expect(inReach(onAir.receptions).size).toBeGreaterThan(20);
    expect(inReach([]).size).toBe(0);
  });

  it('is not told by frames that somebody else sent once more', () => {
    expect(inReach(onAir.receptions.map((one) => ({ ...one, isRepeat: true }))).size).toBe(0);
  });
});
