import { describe, expect, it } from 'vitest';
import type { Move } from '../location/evidence.ts';
import { epochsOfDays, movedM, movesAfter } from './moves.ts';

const after = (steps: readonly (readonly [epoch: number, distanceM: number])[], window: number): Move[] =>
  steps.reduce<Move[]>((moves, [epoch, distanceM]) => movesAfter(moves, epoch, distanceM, window), []);

describe('moves', () => {
  it('add up, so that many small ones are a large one', () => {
    expect(
      movedM(
        after(
          [
            [1, 900],
            [2, 900],
            [2, 50],
            [9, 0],
          ],
          90,
        ),
      ),
    ).toBe(1850);
    expect(
      after(
        [
          [2, 900],
          [2, 50],
        ],
        90,
      ),
    ).toEqual([{ epoch: 2, distanceM: 950 }]);
  });

  it('are forgotten after the window', () => {
    expect(
      movedM(
        after(
          [
            [0, 900],
            [89, 10],
          ],
          90,
        ),
      ),
    ).toBe(910);
    expect(
      movedM(
        after(
          [
            [0, 900],
            [90, 10],
          ],
          90,
        ),
      ),
    ).toBe(10);
  });

  it('count for 90 days, whatever an epoch’s length', () => {
    expect(epochsOfDays(90, 86_400_000)).toBe(90);
    expect(epochsOfDays(90, 300_000)).toBe(25_920);
  });
});
