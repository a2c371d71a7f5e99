import { toleratedFaults } from '@sextant/firmware-bridge/protocol';
import { NumberColumn } from '../../packed/number-column.ts';
import type { Sighting } from '../state/epoch-state.ts';

const END = -1;

/**
 * Stands for "in too few logs": later than every slot, and still an integer. Verdicts show it where f + 1 logs do not hold
 * a report.
 */
export const AFTER_ALL_SLOTS = 2 ** 41;

/**
 * Where the things of one table have been seen: for each a chain of (log keeper, newest slot closed before it, mark).
 * A mark names what the sighting rests on, so that it can be left out: the batch name of a report's copy.
 */
export class Sightings {
  readonly #first = NumberColumn.int32();
  readonly #next = NumberColumn.int32();
  readonly #keeper = NumberColumn.uint8();
  readonly #lastClosedSlot = NumberColumn.float64();
  readonly #mark = NumberColumn.int32();

  /** Makes the next row; it has not been seen yet. */
  addRow(): void {
    this.#first.push(END);
  }

  add(row: number, keeper: number, lastClosedSlot: number, mark: number): void {
    this.#next.push(this.#first.at(row));
    this.#first.set(row, this.#next.count - 1);
    this.#keeper.push(keeper);
    this.#lastClosedSlot.push(lastClosedSlot);
    this.#mark.push(mark);
  }

  /** Whether one sighting's mark passes. */
  some(row: number, passes: (mark: number) => boolean): boolean {
    for (let at = this.#first.at(row); at !== END; at = this.#next.at(at)) {
      if (passes(this.#mark.at(at))) return true;
    }
    return false;
  }

  /** The earliest place in any log whose mark passes; `AFTER_ALL_SLOTS` when none does. */
  earliestSlot(row: number, passes: (mark: number) => boolean): number {
    let earliest = AFTER_ALL_SLOTS;
    for (let at = this.#first.at(row); at !== END; at = this.#next.at(at)) {
      if (passes(this.#mark.at(at))) earliest = Math.min(earliest, this.#lastClosedSlot.at(at));
    }
    return earliest;
  }

  /** The earliest place in each keeper's logs whose mark passes, by keeper. */
  earliest(row: number, passes: (mark: number) => boolean): Sighting[] {
    const slots = new Map<number, number>();
    for (let at = this.#first.at(row); at !== END; at = this.#next.at(at)) {
      if (!passes(this.#mark.at(at))) continue;
      const keeper = this.#keeper.at(at);
      const slot = this.#lastClosedSlot.at(at);
      slots.set(keeper, Math.min(slot, slots.get(keeper) ?? slot));
    }
    return [...slots].sort(([a], [b]) => a - b).map(([validator, lastClosedSlot]) => ({ validator, lastClosedSlot }));
  }
}

/**
 * What the network of n validators says about the place: the (f + 1)-th smallest of the newest slots closed before it,
 * keepers who do not have it counting as infinity. It stands before the mark of slot s in at least f + 1 logs exactly
 * when the result is below s.
 */
export function agreedSlot(sightings: readonly Sighting[], validators: number): number {
  const needed = toleratedFaults(validators);
  const slots = sightings.map(({ lastClosedSlot }) => lastClosedSlot).sort((a, b) => a - b);
  return slots[needed] ?? AFTER_ALL_SLOTS;
}
