import { describe, expect, it } from 'vitest';
import { ATTACKS } from '../attacks/index.ts';
import { HeliumNetwork } from '../helium/helium-network.ts';
import { SextantNetwork } from '../sextant/sextant-network.ts';
import { runSeed } from './run-seed.ts';
import { summarise } from './summary.ts';

const options = { honest: 40, settledEpochs: 2, attackEpochs: 3, shares: [0.2] };
const attacks = ATTACKS.filter(({ name }) => ['moved-40km', 'attenuator-room', 'silent-mover'].includes(name));
const run = (seed: string) => [...runSeed({ ...options, seed, attacks }, () => [new HeliumNetwork()])].flat();

describe('the benchmark', () => {
  it('gives the same scores for the same seed', () => {
    expect(run('x')).toEqual(run('x'));
    expect(run('x')).not.toEqual(run('y'));
  });

  it('shows what the published rules let pass: a room that claims a city is paid like the city', () => {
    const scores = ['x', 'y', 'z'].flatMap(run);
    const summary = summarise(scores).find(({ attack }) => attack === 'attenuator-room');
    expect(summary?.seeds).toBe(3);
    expect(summary?.caught).toBe(0);
    expect(summary?.rewardCaptured).toBeGreaterThan(0.1);
    expect(summary?.honestHarmed).toBeLessThan(0.05);
  });

  it("pays a room under the published rules and hardly under this network's", () => {
    const room = ATTACKS.filter(({ name }) => name === 'attenuator-room');
    const scores = [
      ...runSeed({ ...options, seed: 'x', attacks: room }, () => [new SextantNetwork(), new HeliumNetwork()]),
    ].flat();
    const captured = (ruleSet: string) => scores.find((one) => one.ruleSet === ruleSet)?.rewardCaptured ?? 1;
    expect(captured('sextant')).toBeLessThan(captured('helium') / 3);
  });

  it('pays all of the pool and no more', () => {
    for (const { rewardCaptured, honestRewardLost, caught } of run('x')) {
      for (const share of [rewardCaptured, caught]) expect(share).toBeGreaterThanOrEqual(0);
      for (const share of [rewardCaptured, honestRewardLost, caught]) expect(share).toBeLessThanOrEqual(1);
    }
  });
});
