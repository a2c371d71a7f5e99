import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INITIAL_STANDING } from '../location/evidence.ts';
import { graceAfter } from './grace.ts';

const EPOCHS = 7;
type Outcome = Parameters<typeof graceAfter>[1];

/** What is paid, forfeited and still held over epochs that each bring 10. */
function run(outcomes: readonly Outcome[]) {
  let grace = INITIAL_STANDING.grace;
  const paid: bigint[] = [];
  let forfeited = 0n;
  for (const outcome of outcomes) {
    const result = graceAfter(grace, outcome, outcome === 'invalid' ? 0n : 10n, EPOCHS);
    grace = result.grace;
    paid.push(result.paid);
    forfeited += result.forfeited;
  }
  return { paid, forfeited, grace };
}

describe('grace', () => {
  it('holds the half pay of a new place until the first valid verdict', () => {
    expect(run(['insufficient', 'insufficient', 'valid', 'valid']).paid).toEqual([0n, 0n, 30n, 10n]);
  });

  it('is forfeited when no valid verdict comes in time, and when the place is refuted', () => {
    const late = run(Array.from({ length: EPOCHS + 1 }, () => 'insufficient'));
    expect([late.forfeited, late.grace]).toEqual([70n, { epochs: EPOCHS, held: 0n, over: true }]);
    expect(run(['insufficient', 'invalid', 'valid'])).toMatchObject({ paid: [0n, 0n, 10n], forfeited: 10n });
  });

  it('is given once a key: a second place earns nothing until it is valid', () => {
    expect(run(['valid', 'insufficient', 'insufficient', 'valid']).paid).toEqual([10n, 0n, 0n, 10n]);
  });

  it('pays, forfeits or holds every unit once, and never more than the half pay of seven epochs', () => {
    const outcome = fc.constantFrom<Outcome>('valid', 'insufficient', 'invalid');
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 30 }), (outcomes) => {
        const { paid, forfeited, grace } = run(outcomes);
        const total = paid.reduce((sum, amount) => sum + amount, 0n) + forfeited + grace.held;
        const valid = 10n * BigInt(outcomes.filter((one) => one === 'valid').length);
        expect(total).toBeGreaterThanOrEqual(valid);
        expect(total).toBeLessThanOrEqual(valid + 10n * BigInt(EPOCHS));
      }),
    );
  });
});
