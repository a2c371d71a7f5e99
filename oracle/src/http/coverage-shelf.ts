import type { Clock } from '@sextant/firmware-bridge/clock';
import { epochAt, type Timing } from '@sextant/firmware-bridge/protocol';
import type { CoverageWindow } from '../store/index.ts';
import {
  type CoverageRow,
  createGeometryCache,
  createLiveTileSource,
  createTileSource,
  type LiveTileSource,
  type TileSource,
} from './tiles/index.ts';

export interface CoverageShelfOptions {
  readonly timing: Timing;
  /** Live coverage is that of the running epoch and of so many before it. */
  readonly liveEpochs: number;
  /** Resolution-9 cells of closed epochs kept in memory, about 26 bytes each. */
  readonly maxCells: number;
}

const LIVE_DAYS = 7;
const LIVE_EPOCHS_MAX = 24;
const MS_PER_DAY = 86_400_000;

/** A week; where epochs are short, so many of them that nothing has to add up thousands. */
export const liveEpochsOf = (timing: Pick<Timing, 'epochMs'>): number =>
  Math.min(LIVE_EPOCHS_MAX, Math.ceil((LIVE_DAYS * MS_PER_DAY) / timing.epochMs));

export const SHELF_MAX_CELLS = 2_000_000;

export interface CoverageShelfModules {
  readonly clock: Clock;
  /** Rows of a closed epoch or of the live window. */
  readonly stream: (window: CoverageWindow) => AsyncIterable<readonly CoverageRow[]>;
  /** Summary hash of a closed epoch, hex; undefined while it is not closed. */
  readonly findSummaryHash: (epoch: number) => Promise<string | undefined>;
}

export interface EpochTiles {
  readonly source: TileSource;
  readonly summaryHash: string;
}

interface LiveTiles {
  readonly fromEpoch: number;
  readonly source: Promise<LiveTileSource>;
  /** Rows that came while the source was loaded. */
  readonly missed: CoverageRow[];
  ready: LiveTileSource | undefined;
}

/** The tile sources: closed epochs, loaded when asked for, and what is known now. */
export class CoverageShelf {
  readonly #options: CoverageShelfOptions;
  readonly #modules: CoverageShelfModules;
  readonly #geometries = createGeometryCache();
  readonly #epochs = new Map<number, Promise<EpochTiles | undefined>>();
  readonly #cells = new Map<number, number>();
  #live: LiveTiles | undefined;
  /** One at a time is loaded: asking for all epochs at once does not take the memory of all. */
  #loading: Promise<unknown> = Promise.resolve();

  constructor(options: CoverageShelfOptions, modules: CoverageShelfModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** What "live" means at this moment. */
  liveWindow(): { readonly fromEpoch: number } {
    const running = epochAt(this.#options.timing, this.#modules.clock.now());
    return { fromEpoch: Math.max(0, running - this.#options.liveEpochs) };
  }

  /** Undefined while the epoch is not closed. */
  async findEpoch(epoch: number): Promise<EpochTiles | undefined> {
    const known = this.#epochs.get(epoch);
    if (known !== undefined) {
      this.#epochs.delete(epoch);
      this.#epochs.set(epoch, known);
      return known;
    }
    const loading = this.#inTurn(() => this.#loadEpoch(epoch));
    this.#epochs.set(epoch, loading);
    const tiles = await loading.catch((error: unknown) => {
      this.#epochs.delete(epoch);
      throw error;
    });
    if (tiles === undefined) this.#epochs.delete(epoch);
    else this.#makeRoom(epoch, tiles.source.size);
    return tiles;
  }

  /** Of the summary of a closed epoch, hex. */
  async findSummaryHash(epoch: number): Promise<string | undefined> {
    const known = this.#cells.has(epoch) ? await this.#epochs.get(epoch) : undefined;
    return known?.summaryHash ?? (await this.#modules.findSummaryHash(epoch));
  }

  /** The live tiles; loaded first when nobody has asked yet or the window has moved. */
  async live(): Promise<LiveTileSource> {
    const { fromEpoch } = this.liveWindow();
    if (this.#live?.fromEpoch === fromEpoch) return this.#live.source;
    const live: LiveTiles = {
      fromEpoch,
      source: this.#inTurn(() => this.#loadLive(fromEpoch)),
      missed: [],
      ready: undefined,
    };
    this.#live = live;
    try {
      live.ready = await live.source;
      live.ready.upsert(live.missed);
      return live.ready;
    } catch (error) {
      if (this.#live === live) this.#live = undefined;
      throw error;
    }
  }

  /** Tells what has become of cells. Nothing is loaded for it. */
  changed(rows: readonly CoverageRow[]): void {
    if (this.#live === undefined) return;
    if (this.#live.ready === undefined) this.#live.missed.push(...rows);
    else this.#live.ready.upsert(rows);
  }

  /** Live coverage is read anew: an epoch was closed, and what was provisional may be gone. */
  forgetLive(): void {
    this.#live = undefined;
  }

  async #loadEpoch(epoch: number): Promise<EpochTiles | undefined> {
    const summaryHash = await this.#modules.findSummaryHash(epoch);
    if (summaryHash === undefined) return undefined;
    return { source: createTileSource(await this.#read({ epoch }), { geometries: this.#geometries }), summaryHash };
  }

  async #loadLive(fromEpoch: number): Promise<LiveTileSource> {
    return createLiveTileSource(await this.#read({ fromEpoch }), { geometries: this.#geometries });
  }

  async #inTurn<T>(load: () => Promise<T>): Promise<T> {
    const result = this.#loading.then(load);
    this.#loading = result.catch(() => undefined);
    return result;
  }

  async #read(window: CoverageWindow): Promise<CoverageRow[]> {
    const all: CoverageRow[] = [];
    for await (const rows of this.#modules.stream(window)) for (const row of rows) all.push(row);
    return all;
  }

  #makeRoom(epoch: number, cells: number): void {
    this.#cells.set(epoch, cells);
    let total = 0;
    for (const size of this.#cells.values()) total += size;
    for (const oldest of this.#epochs.keys()) {
      if (total <= this.#options.maxCells || oldest === epoch) return;
      total -= this.#cells.get(oldest) ?? 0;
      this.#cells.delete(oldest);
      this.#epochs.delete(oldest);
    }
  }
}
