import type { Cancel } from '@sextant/firmware-bridge/clock';
import { roundStartMs } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { RoundState } from '../../api/index.ts';
import {
  type CoverageRow,
  countHexes,
  findCoverage,
  findEpoch,
  type ProjectionListener,
  type ProvisionalResults,
} from '../../store/index.ts';
import type { CoverageShelf } from '../coverage-shelf.ts';
import { cellBoundary } from '../tiles/index.ts';
import { toEpochItem } from '../views/epoch-views.ts';
import { readHotspots } from '../views/hotspot-views.ts';
import type { NetworkViews } from '../views/network-views.ts';
import { readVerdicts } from '../views/verdict-views.ts';
import { nameOf, roundNow, type ViewContext } from '../views/view-context.ts';
import type { LiveHub } from './live-hub.ts';

export interface LiveFeedModules {
  readonly context: ViewContext;
  readonly network: Pick<NetworkViews, 'round'>;
  readonly coverage: CoverageShelf;
  readonly live: LiveHub;
  readonly logger: Logger;
}

/** Told one by one up to so many at a time; beyond it listeners are asked to fetch everything again. */
const CELLS_MAX = 2_000;
/** Of one batch, the newest; a page shows a few dozen. */
const VERDICTS_MAX = 500;
const HOTSPOTS_MAX = 500;

const NOT_TOLD = 'live events cannot be made from the database now; listeners are told to fetch again when it is back';

/** What has changed since listeners were last told. */
interface Changes {
  readonly reports: Map<string, Uint8Array>;
  readonly reporters: Map<string, Uint8Array>;
  readonly cells: Set<bigint>;
  readonly epochs: Set<number>;
  round: { readonly state?: RoundState } | undefined;
}

const noChanges = (): Changes => ({
  reports: new Map(),
  reporters: new Map(),
  cells: new Set(),
  epochs: new Set(),
  round: undefined,
});

/**
 * Turns what the projector has written into live events and live tiles. Everything is read back from the database, so that an
 * event says exactly what the API answers; what comes while one batch is told goes into the next.
 */
export class LiveFeed implements ProjectionListener {
  readonly #modules: LiveFeedModules;
  #changes = noChanges();
  #work: Promise<void> | undefined;
  /** Something was not told: everybody has to fetch again when it works again. */
  #hasGap = false;
  #cancelRound: Cancel | undefined;
  #isStopped = false;

  constructor(modules: LiveFeedModules) {
    this.#modules = modules;
  }

  /** Tells every new round when it begins. */
  start(): void {
    const { context } = this.#modules;
    const next = roundStartMs(context.timing, roundNow(context) + 1);
    this.#cancelRound = context.clock.at(next, () => {
      this.#changes.round = {};
      this.#wake();
      this.start();
    });
  }

  /** Resolves when nothing is being told any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRound?.();
    await this.#work;
  }

  /** Resolves when everything that has changed so far is told. */
  async settled(): Promise<void> {
    while (this.#work !== undefined) await this.#work;
  }

  provisionalApplied({ verdicts, links, cells }: ProvisionalResults): void {
    const { reports, reporters } = this.#changes;
    for (const { reportId, reporter, sender } of verdicts) {
      const name = nameOf(reportId);
      // Told again, it is the newest.
      reports.delete(name);
      reports.set(name, reportId);
      reporters.set(nameOf(reporter), reporter);
      if (sender !== undefined) reporters.set(nameOf(sender), sender);
    }
    for (const { cell } of links) if (cell !== undefined) this.#changes.cells.add(cell);
    for (const { cell } of cells) this.#changes.cells.add(cell);
    this.#wake();
  }

  epochApplied(epoch: number): void {
    this.#changes.epochs.add(epoch);
    this.#wake();
  }

  /** The certificate of a round is in the log; the database may not know it yet. */
  certified(round: number): void {
    if (round !== roundNow(this.#modules.context)) return;
    this.#changes.round = { state: 'certified' };
    this.#wake();
  }

  #wake(): void {
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
    });
  }

  async #run(): Promise<void> {
    while (!this.#isStopped && isAnything(this.#changes)) {
      const changes = this.#changes;
      this.#changes = noChanges();
      try {
        await this.#tell(changes);
        if (this.#hasGap) this.#modules.live.publish('reset', {});
        this.#hasGap = false;
      } catch (error) {
        if (!this.#hasGap) this.#modules.logger.warn({ err: error }, NOT_TOLD);
        this.#hasGap = true;
        this.#modules.coverage.forgetLive();
      }
    }
  }

  async #tell(changes: Changes): Promise<void> {
    const { context, live, network, coverage } = this.#modules;
    if (changes.epochs.size > 0) coverage.forgetLive();
    if (changes.round !== undefined) live.publish('round', await network.round(changes.round.state));
    await this.#tellHexes([...changes.cells]);
    const reports = [...changes.reports.values()].slice(-VERDICTS_MAX);
    const verdicts = await readVerdicts(context, reports);
    for (const verdict of verdicts.toSorted((a, b) => a.atMs - b.atMs)) live.publish('verdict', verdict);
    const reporters = [...changes.reporters.values()].slice(-HOTSPOTS_MAX);
    for (const hotspot of await readHotspots(context, reporters)) live.publish('hotspot', hotspot);
    for (const epoch of [...changes.epochs].toSorted((a, b) => a - b)) {
      const row = await findEpoch(context.db, epoch);
      if (row !== undefined) live.publish('epoch', toEpochItem(row));
    }
  }

  async #tellHexes(cells: readonly bigint[]): Promise<void> {
    if (cells.length === 0) return;
    const { context, live, coverage } = this.#modules;
    if (cells.length > CELLS_MAX) {
      coverage.forgetLive();
      live.publish('reset', {});
      return;
    }
    const window = context.liveWindow();
    const rows = await findCoverage(context.db, window, cells);
    coverage.changed(rows);
    const hexes = await countHexes(context.db, window);
    for (const row of rows) live.publish('hex', toLiveHex(row, hexes));
  }
}

const isAnything = ({ reports, cells, epochs, round }: Changes): boolean =>
  reports.size > 0 || cells.size > 0 || epochs.size > 0 || round !== undefined;

function toLiveHex(row: CoverageRow, hexes: { readonly covered: number; readonly surveyedNotCovered: number }) {
  const { cell, state, bestEspDdbm, links, witnesses, lastSeenMs } = row;
  return {
    cell: cell.toString(16),
    boundary: cellBoundary(cell),
    state,
    ...(bestEspDdbm === undefined ? {} : { bestEspDdbm }),
    links,
    witnesses,
    lastSeenMs,
    hexes,
  };
}
