import { divideRounded } from '../numeric/integers.ts';
import type { Radio } from './evidence.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import type { PairHearing } from './hearing-curve.ts';

/** A transmission had a chance in a round in which the other one proved to listen, as far as counts tell. */
export function chancesOf(sender: Pick<Radio, 'transmissions'>, receiver: Pick<Radio, 'onlineRounds'>): number {
  return Math.min(sender.transmissions, receiver.onlineRounds);
}

/** How often hotspots heard each other, both directions together. */
export class PairBook {
  readonly #index: EvidenceIndex;
  readonly #pairs = new Map<number, { count: number; sumLossDdb: number }>();

  constructor(index: EvidenceIndex) {
    this.#index = index;
    index.evidence.radios.forEach(({ kind }, i) => {
      if (kind !== 'hotspot') return;
      for (const { receiver, count, sumLossDdb } of index.sentBy(i)) {
        const key = this.#keyOf(i, receiver);
        const pair = this.#pairs.get(key) ?? { count: 0, sumLossDdb: 0 };
        pair.count += count;
        pair.sumLossDdb += sumLossDdb;
        this.#pairs.set(key, pair);
      }
    });
  }

  hearingOf(a: number, b: number): PairHearing {
    const [first, second] = [this.#index.radio(a), this.#index.radio(b)];
    const chances = chancesOf(first, second) + chancesOf(second, first);
    const pair = this.#pairs.get(this.#keyOf(a, b));
    if (!pair) return { count: 0, chances, meanLossDdb: 0 };
    return { count: pair.count, chances, meanLossDdb: divideRounded(pair.sumLossDdb, pair.count) };
  }

  #keyOf(a: number, b: number): number {
    return Math.min(a, b) * this.#index.evidence.radios.length + Math.max(a, b);
  }
}
