import type { OwnerView } from '@sextant/oracle/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChainAccount, Reasons } from '../state/rewards-state.ts';
import { rangeOf, unexplained, waitingOf } from './reward-range.ts';

const owner: OwnerView = { owner: '0x', participants: 1, epoch: 9, earned: '100', unclaimed: '60', fromEpoch: 4 };
const account: ChainAccount = {
  claimed: 40n,
  claimable: 35n,
  provenEpoch: 6,
  balance: 0n,
  faults: [],
  unknown: false,
  nextEpoch: 7,
};

describe('the epochs that are explained', () => {
  it('are those that can be claimed, else those that wait, else all', () => {
    expect(rangeOf(owner, account)).toEqual({ of: 'claimable', amount: '35', from: 4, to: 6 });
    expect(rangeOf(owner, { ...account, claimable: 0n })).toEqual({ of: 'waiting', amount: '60', from: 4, to: 9 });
    const { provenEpoch: _, ...unproven } = account;
    expect(rangeOf(owner, { ...unproven, claimable: 0n, unknown: true })).toMatchObject({ of: 'unclaimed', to: 9 });
    expect(rangeOf(owner, undefined)).toEqual({ of: 'earned', amount: '100', from: 4, to: 9 });
  });

  it('are none where nothing was earned or everything is paid', () => {
    const { fromEpoch: _, ...paid } = owner;
    expect(rangeOf(paid, account)).toBeUndefined();
    expect(rangeOf({ owner: '0x', participants: 0, earned: '0', unclaimed: '0' }, undefined)).toBeUndefined();
  });
});

describe('what waits', () => {
  it('is split by what is posted, where the oracle says what that holds', () => {
    expect(waitingOf('100', { ...account, postedTotal: 90n })).toEqual({ posted: 15n, later: 10n, isSplit: true });
    expect(waitingOf('100', account)).toEqual({ posted: 0n, later: 25n, isSplit: false });
  });

  it('and what is paid and claimable make up what was earned; nothing is ever below zero', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.option(amount, { nil: undefined }),
        (claimed, claimable, earned, posted) => {
          const waiting = waitingOf(String(earned), {
            ...account,
            claimed,
            claimable,
            ...(posted === undefined ? {} : { postedTotal: posted }),
          });
          expect(waiting.posted >= 0n && waiting.later >= 0n).toBe(true);
          const proven = claimed + claimable;
          if (proven <= earned && (posted ?? 0n) <= earned) {
            expect(proven + waiting.posted + waiting.later).toBe(earned);
          }
        },
      ),
    );
  });
});

it('what no key explains is said, and never negative', () => {
  const reasons = (amount: string): Reasons => ({
    of: 'earned',
    amount,
    from: 0,
    to: 1,
    items: ['3', '4'].map((paid) => ({ id: '', name: '', kind: 'hotspot', paid, held: '9', lines: [] })),
  });
  expect([unexplained(reasons('12')), unexplained(reasons('7')), unexplained(reasons('5'))]).toEqual([5n, 0n, 0n]);
});
