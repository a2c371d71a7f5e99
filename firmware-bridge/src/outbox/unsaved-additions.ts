import type { Report } from '../protocol/index.ts';
import type { StoreChange } from './durable-store.ts';
import { addCounts, countKinds, type KindCounts } from './outbox-counts.ts';

/** Reports, and what must not be forgotten together with them, on their way to the disk. */
export interface Addition {
  readonly reports: readonly Report[];
  /** Changes of the participant's state, in the same atomic write. */
  readonly state: readonly StoreChange[];
  readonly settle: (fate: AdditionFate) => void;
}

/** `dropped`: the disk could not take it and the bound in memory was reached; it is counted. */
export type AdditionFate = 'stored' | 'dropped';

/** What one write takes at most, so that a backlog in memory does not become one huge write. */
const GROUP_MAX_REPORTS = 1_024;

/** What waits in memory for the disk: normally for milliseconds, and bounded when the disk is full. */
export class UnsavedAdditions {
  readonly #maxReports: number;
  #additions: Addition[] = [];
  #reports = 0;
  #drops: KindCounts = {};

  constructor(maxReports: number) {
    this.#maxReports = maxReports;
  }

  /** Reports that wait. */
  get size(): number {
    return this.#reports;
  }

  get isEmpty(): boolean {
    return this.#additions.length === 0 && Object.keys(this.#drops).length === 0;
  }

  push(addition: Addition): void {
    this.#additions.push(addition);
    this.#reports += addition.reports.length;
    while (this.#reports > this.#maxReports && this.#dropOne()) continue;
  }

  /** What the next write takes: additions in order, and the drops that are not on disk yet. */
  take(): { readonly additions: readonly Addition[]; readonly drops: KindCounts } {
    let reports = 0;
    const end = this.#additions.findIndex((addition, i) => {
      reports += addition.reports.length;
      return i > 0 && reports > GROUP_MAX_REPORTS;
    });
    const additions = this.#additions.splice(0, end < 0 ? this.#additions.length : end);
    const drops = this.#drops;
    this.#drops = {};
    this.#reports -= countOf(additions);
    return { additions, drops };
  }

  /** Puts back what `take` gave, when the write did not happen. */
  putBack({ additions, drops }: { readonly additions: readonly Addition[]; readonly drops: KindCounts }): void {
    this.#additions.unshift(...additions);
    this.#reports += countOf(additions);
    this.#drops = addCounts(this.#drops, drops);
  }

  /** The oldest addition of nothing but witness reports goes first; then the oldest that changes no state. */
  #dropOne(): boolean {
    const isWitness = ({ reports }: Addition): boolean =>
      reports.length > 0 && reports.every(({ kind }) => kind === 'witness');
    const isPlain = ({ reports, state }: Addition): boolean => reports.length > 0 && state.length === 0;
    const witness = this.#additions.findIndex(isWitness);
    const at = witness >= 0 ? witness : this.#additions.findIndex(isPlain);
    const dropped = at < 0 ? undefined : this.#additions.splice(at, 1)[0];
    if (!dropped) return false;
    this.#reports -= dropped.reports.length;
    this.#drops = addCounts(this.#drops, countKinds(dropped.reports));
    dropped.settle('dropped');
    return true;
  }
}

const countOf = (additions: readonly Addition[]): number =>
  additions.reduce((sum, { reports }) => sum + reports.length, 0);
