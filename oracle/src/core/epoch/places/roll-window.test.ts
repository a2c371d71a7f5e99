import { describe, expect, it } from 'vitest';
import type { LinkGeneration } from '../state/place-state.ts';
import { emptyGeneration, type LinkWindow, type OpenGeneration, rollWindow } from './roll-window.ts';

const EPOCHS = 7;
const KEYS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));

/** Of an epoch in which the first radio has sent once and the second has heard it. */
function epochAlone(epoch: number): OpenGeneration {
  const alone = emptyGeneration(Math.floor(epoch / EPOCHS), KEYS.length);
  const reception = { sender: 0, receiver: 1, senderCell: 1n, eirpDdbm: 140, espDdbm: -1_000, delayMs: 0 };
  alone.statistics.add(reception, epoch);
  alone.activity[0] = { transmissions: 1, onlineRounds: 0 };
  alone.activity[1] = { transmissions: 0, onlineRounds: 1 };
  return alone;
}

function reopened({ generation, activity, links }: LinkGeneration): OpenGeneration {
  const open = emptyGeneration(generation, KEYS.length);
  for (const link of links) open.statistics.merge(link);
  activity.forEach((entry, i) => {
    open.activity[i] = { ...entry };
  });
  return open;
}

/** The windows after each of so many epochs. */
function windows(epochs: number): LinkWindow[] {
  const all: LinkWindow[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const current = Math.floor(epoch / EPOCHS);
    const kept = (all.at(-1)?.generations ?? []).filter(({ generation }) => generation >= current - 1);
    all.push(rollWindow(kept.map(reopened), epochAlone(epoch), KEYS));
  }
  return all;
}

describe('the window of links', () => {
  const after = windows(3 * EPOCHS);
  const counts = (part: Pick<LinkWindow, 'links'>): number => part.links.reduce((sum, { count }) => sum + count, 0);

  it('is one to two generations long', () => {
    expect(after.map(counts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 8, 9, 10, 11, 12, 13, 14]);
    expect(after.map(({ activity }) => activity[0]?.transmissions)).toEqual(after.map(counts));
    expect(after.map(({ activity }) => activity[1]?.onlineRounds)).toEqual(after.map(counts));
  });

  it('has the epoch alone as its newest part, then the generation that grows, unless they are all there is', () => {
    expect(after.slice(0, 10).map(({ recent }) => recent.map(counts))).toEqual([
      [],
      [1],
      [1],
      [1],
      [1],
      [1],
      [1],
      [1],
      [1, 2],
      [1, 3],
    ]);
    expect(after[9]?.recent.map(({ activity }) => activity[0]?.transmissions)).toEqual([1, 3]);
    expect(after[9]?.recent[0]?.links[0]?.firstEpoch).toBe(9);
  });

  it('keeps nothing of radios that have done nothing', () => {
    expect(after.at(-1)?.generations.map(({ keys }) => keys)).toEqual([KEYS.slice(0, 2), KEYS.slice(0, 2)]);
  });
});
