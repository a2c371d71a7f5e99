import { emissionCap } from '@sextant/contracts-client/encoding';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emissionOfEpoch } from './emission.ts';

/** The contract refuses an epoch that adds more than its own cap: one base unit more in the rule set would stop settlement. */
it('is what the emission controller lets an epoch mint', () => {
  const schedules = fc.record({
    genesisMs: fc.nat(),
    epochMs: fc.integer({ min: 1000, max: 31 * 86_400_000 }),
    emissionPerDay: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
    halvingDays: fc.integer({ min: 1, max: 36_500 }),
  });
  fc.assert(
    fc.property(schedules, fc.nat({ max: 2 ** 40 }), (schedule, epoch) => {
      expect(emissionCap(schedule, epoch)).toBe(emissionOfEpoch(schedule, schedule, epoch));
    }),
  );
});
