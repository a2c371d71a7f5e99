import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StandingAccusation } from '../location/evidence.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';
import { accusationStrength, accusationsAfter, isAccused, payAfterAccusations } from './standing-accusations.ts';
import { appealAfter, reviewAfter } from './standing-appeals.ts';

const { decayEpochs, accusedAfter, reviewEpochs } = TRUST_NUMBERS.accusation;
const CODE = 'unheard_cluster';
const suspicion = { code: CODE, checks: [{ check: 'x', observed: 1, limit: 2, margin: -1, unit: 'count' }] } as const;

/** What stands after each of the epochs 0 … n − 1, given which of them bore a suspicion out. */
function history(borneOut: readonly boolean[]): (readonly StandingAccusation[])[] {
  let standing: readonly StandingAccusation[] = [];
  return borneOut.map((bears, epoch) => {
    standing = accusationsAfter(standing, bears ? [suspicion] : [], epoch, TRUST_NUMBERS);
    return standing;
  });
}

const accused = history([true, true, true]).at(-1) ?? [];

describe('what stands against a radio', () => {
  it('is a suspicion in the first epochs: it costs them and is gone when it is not borne out again', () => {
    const [first, second] = history([true, false]);
    expect(first).toMatchObject([{ code: CODE, epoch: 0, epochs: 1, checks: suspicion.checks }]);
    expect(first?.map((one) => isAccused(one, TRUST_NUMBERS))).toEqual([false]);
    expect(payAfterAccusations(first ?? [], 0, TRUST_NUMBERS)).toBe(0);
    expect(second).toEqual([]);
    expect(payAfterAccusations(second ?? [], 1, TRUST_NUMBERS)).toBe(10_000);
  });

  it('is an accusation from the third epoch on, and decays in equal steps', () => {
    expect(accusedAfter).toBe(3);
    const [one] = accused;
    expect(one && isAccused(one, TRUST_NUMBERS)).toBe(true);
    const strengths = [2, 2 + decayEpochs / 2, 1 + decayEpochs, 2 + decayEpochs].map((epoch) =>
      one ? accusationStrength(one, epoch, TRUST_NUMBERS) : undefined,
    );
    expect(strengths).toEqual([10_000, 5_000, Math.floor(10_000 / decayEpochs), 0]);
    const after = history([true, true, true, ...Array.from({ length: decayEpochs }, () => false)]);
    expect(after.at(-2)).toHaveLength(1);
    expect(after.at(-1)).toEqual([]);
  });

  it('never outlives its last evidence by more than the decay, nor pays more in an epoch that bears it out', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (borneOut) => {
        history([...borneOut, ...Array.from({ length: decayEpochs }, () => false)]).forEach((standing, epoch) => {
          if (borneOut[epoch]) expect(payAfterAccusations(standing, epoch, TRUST_NUMBERS)).toBe(0);
          const last = borneOut.slice(0, epoch + 1).lastIndexOf(true);
          if (last < 0 || epoch - last >= decayEpochs) expect(standing).toEqual([]);
        });
      }),
    );
  });
});

describe('an appeal', () => {
  const against = (evidenceEpoch: number) => ({ code: CODE, evidenceEpoch }) as const;
  const review = (validator: number, ruling: 'upheld' | 'dismissed', appealEpoch = 3) =>
    ({ code: CODE, appealEpoch, validator, ruling, quorum: 3 }) as const;
  const appealed = appealAfter(accused, against(2), 3, TRUST_NUMBERS);
  const open = appealed.ok ? appealed.accusations : [];
  const reviewed = (reviews: readonly ReturnType<typeof review>[], epoch = 4) =>
    reviews.reduce((standing, one) => {
      const outcome = reviewAfter(standing, one, epoch, TRUST_NUMBERS);
      return outcome.ok ? outcome.accusations : standing;
    }, open);

  it('is heard against an accusation, once, and against nothing else', () => {
    expect(appealAfter(history([true])[0] ?? [], against(0), 1, TRUST_NUMBERS)).toEqual({
      ok: false,
      refusal: 'no_such_accusation',
    });
    expect(appealAfter(accused, { ...against(2), code: 'location_refuted' }, 3, TRUST_NUMBERS)).toEqual({
      ok: false,
      refusal: 'no_such_accusation',
    });
    for (const epoch of [3, 2 - reviewEpochs - 1]) {
      expect(appealAfter(accused, against(epoch), 3, TRUST_NUMBERS)).toEqual({
        ok: false,
        refusal: 'no_such_accusation',
      });
    }
    expect(appealAfter(open, against(2), 4, TRUST_NUMBERS)).toEqual({ ok: false, refusal: 'appeal_open' });
  });

  it('is decided by M validators who say the same', () => {
    const two = reviewed([review(2, 'dismissed'), review(0, 'dismissed'), review(1, 'upheld')]);
    expect(two[0]?.appeal?.ruling).toBeUndefined();
    expect(two[0]?.appeal?.reviews.map(({ validator }) => validator)).toEqual([0, 1, 2]);
    const three = reviewed([
      review(2, 'dismissed'),
      review(0, 'dismissed'),
      review(1, 'upheld'),
      review(3, 'dismissed'),
    ]);
    expect(three[0]?.appeal?.ruling).toEqual({ ruling: 'dismissed', epoch: 4 });
    expect(payAfterAccusations(three, 4, TRUST_NUMBERS)).toBe(10_000);
  });

  it('counts one word of each validator, given in time, about this appeal', () => {
    const again = reviewAfter(reviewed([review(1, 'upheld')]), review(1, 'dismissed'), 4, TRUST_NUMBERS);
    expect(again).toEqual({ ok: false, refusal: 'already_reviewed' });
    expect(reviewAfter(open, review(1, 'upheld'), 4 + reviewEpochs, TRUST_NUMBERS)).toEqual({
      ok: false,
      refusal: 'too_late',
    });
    expect(reviewAfter(open, review(1, 'upheld', 2), 4, TRUST_NUMBERS)).toEqual({
      ok: false,
      refusal: 'no_such_appeal',
    });
  });

  it('that is dismissed keeps the same suspicion away while it would have decayed', () => {
    let standing: readonly StandingAccusation[] = reviewed([0, 1, 2].map((i) => review(i, 'dismissed')));
    for (let epoch = 4; epoch < 4 + decayEpochs; epoch++) {
      standing = accusationsAfter(standing, [suspicion], epoch, TRUST_NUMBERS);
      expect(payAfterAccusations(standing, epoch, TRUST_NUMBERS)).toBe(10_000);
    }
    standing = accusationsAfter(standing, [], 4 + decayEpochs, TRUST_NUMBERS);
    expect(standing).toEqual([]);
  });

  it('that is upheld cannot be made again, and one nobody decides ends after the review time', () => {
    const upheld = reviewed([0, 1, 2].map((i) => review(i, 'upheld')));
    expect(payAfterAccusations(upheld, 4, TRUST_NUMBERS)).toBeLessThan(10_000);
    expect(appealAfter(upheld, against(2), 5, TRUST_NUMBERS)).toEqual({ ok: false, refusal: 'already_reviewed' });
    expect(accusationsAfter(open, [], 3 + reviewEpochs, TRUST_NUMBERS)[0]?.appeal).toBeDefined();
    expect(accusationsAfter(open, [], 4 + reviewEpochs, TRUST_NUMBERS)[0]).toMatchObject({ code: CODE, epochs: 3 });
    expect(accusationsAfter(open, [], 4 + reviewEpochs, TRUST_NUMBERS)[0]?.appeal).toBeUndefined();
  });
});
