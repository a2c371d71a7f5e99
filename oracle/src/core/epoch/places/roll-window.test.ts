import { describe, expect, it } from 'vitest';
import { emptyGeneration, type OpenGeneration, type RolledWindow, rollWindow } from './roll-window.ts';

const EPOCHS = 7;

/** Of an epoch in which the first radio has sent once and the second has heard it. */
function epochAlone(epoch: number): OpenGeneration {
  const alone = emptyGeneration(Math.floor(epoch / EPOCHS), 2);
  const reception = { sender: 0, receiver: 1, senderCell: 1n, eirpDdbm: 140, espDdbm: -1_000, delayMs: 0 };
  alone.statistics.add(reception, epoch);
  alone.activity[0] = { transmissions: 1, onlineRounds: 0 };
  alone.activity[1] = { transmissions: 0, onlineRounds: 1 };
  return alone;
}

const counts = ({ statistics }: OpenGeneration): number => statistics.list().reduce((sum, { count }) => sum + count, 0);

describe('the window of links', () => {
  const after: RolledWindow[] = [];
  for (let epoch = 0; epoch < 3 * EPOCHS; epoch++) {
    after.push(rollWindow(after.at(-1)?.generations ?? [], epochAlone(epoch)));
  }

  it('is one to two generations long', () => {
    const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 8, 9, 10, 11, 12, 13, 14];
    expect(after.map(({ whole }) => counts(whole))).toEqual(lengths);
    expect(after.map(({ whole }) => whole.activity[0]?.transmissions)).toEqual(lengths);
    expect(after.map(({ whole }) => whole.activity[1]?.onlineRounds)).toEqual(lengths);
    expect(after.at(-1)?.generations.map(({ generation }) => generation)).toEqual([1, 2]);
  });

  it('has the epoch alone as its newest part, then the generation that grows, unless they are all there is', () => {
    const parts = after.slice(0, 10).map(({ recent }) => recent.map(counts));
    expect(parts).toEqual([[], [1], [1], [1], [1], [1], [1], [1], [1, 2], [1, 3]]);
    expect(after[9]?.recent.map(({ activity }) => activity[0]?.transmissions)).toEqual([1, 3]);
    expect(after[9]?.recent[0]?.statistics.list()[0]?.firstEpoch).toBe(9);
  });

  it('holds radios that were not there before', () => {
    const more = epochAlone(1);
    more.activity.push({ transmissions: 5, onlineRounds: 3 });
    expect(rollWindow([epochAlone(0)], more).whole.activity[2]).toEqual({ transmissions: 5, onlineRounds: 3 });
  });
});
