import type { Verdict } from '@sextant/firmware-bridge/protocol';
import type { CoverageCell, CoverageLink, EpochResult } from '../../core/epoch/result.ts';
import type { EpochState } from '../../core/epoch/state/epoch-state.ts';

/** One log, as far as it is synced to disk: the part of the ledger's `LogReader` that is needed here. */
export interface LedgerReader {
  /** `origin` names the log, progress is kept by it; `size` entries can be read. */
  checkpoint(): { readonly origin: string; readonly size: number };
  /** Entries [from, to) in order. */
  entries(from: number, to: number): AsyncIterable<Uint8Array>;
}

/**
 * What a judge has found out about the running epoch since its last batch. A verdict replaces an earlier provisional one on the
 * same report; a witness report that is no longer valid takes its link with it. Telling the same again changes nothing.
 */
export interface ProvisionalResults {
  readonly epoch: number;
  readonly verdicts: readonly Verdict[];
  readonly links: readonly CoverageLink[];
  /** The survey side of the cells concerned, as of now: state without links, and all revealed transmissions so far. */
  readonly cells: readonly Pick<CoverageCell, 'cell' | 'state' | 'surveyTransmissions'>[];
}

/** A closed epoch: its lists are gone through, not kept. */
export type ClosedEpoch = Pick<
  EpochResult<Pick<EpochState, 'places'>>,
  'summary' | 'summaryHash' | 'coverage' | 'rewards' | 'releases' | 'owners' | 'keys' | 'locations' | 'state'
> & {
  readonly verdicts: CountedList<Verdict>;
  readonly links: CountedList<CoverageLink>;
};

/** An array, or a list that makes its items when they are asked for. */
export interface CountedList<T> extends Iterable<T> {
  readonly length: number;
}

/** Where the results come from when the tables do not have them: after a restart, a lost database, or a long outage. */
export interface ResultSource {
  /** Results of the closed epochs from number `from`, ascending. */
  closedEpochs(from: number): AsyncIterable<ClosedEpoch>;
  /** All that is provisional now. */
  provisional(): AsyncIterable<ProvisionalResults>;
}

/** Told after the commit; must not throw. */
export interface ProjectionListener {
  provisionalApplied?(results: ProvisionalResults): void;
  epochApplied?(epoch: number): void;
}
