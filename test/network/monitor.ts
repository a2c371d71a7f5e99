import { setTimeout as sleep } from 'node:timers/promises';
import type { BridgeStatus } from '@sextant/firmware-bridge/bridge';
import type { EpochView, NetworkView, VerdictView } from '@sextant/oracle/api';
import type { RunningNetwork } from './bring-up.ts';
import { formatDuration } from './durations.ts';
import { describeEpoch, formatCount, sortByCheat } from './epoch-report.ts';
import { isPassing } from './oracle-api.ts';
import type { BridgeStatusAnswer } from './process-messages.ts';
import type { Progress } from './progress/progress.ts';

export interface MonitorOptions {
  /** It ends when so many epochs have closed since it began; absent: never. */
  readonly epochs?: number;
}

export interface MonitorModules {
  readonly running: RunningNetwork;
  readonly progress: Progress;
  /** Since the command was given. */
  readonly ageMs: () => number;
}

/** What was seen of a run. */
export interface Sightings {
  readonly firstHexMs?: number;
  /** The first epoch that paid a hotspot. */
  readonly firstEpochMs?: number;
  /** Closed since the start, oldest first. */
  readonly epochs: readonly EpochView[];
}

const LOOK_EVERY_MS = 1_000;

/** Watches a network over its public API and says what happens. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #modules: MonitorModules;
  readonly #epochs: EpochView[] = [];
  #firstHexMs: number | undefined;
  #firstEpochMs: number | undefined;
  #lastEpoch: number;

  constructor(options: MonitorOptions, modules: MonitorModules) {
    this.#options = options;
    this.#modules = modules;
    this.#lastEpoch = modules.running.network.latestClosedEpoch ?? -1;
  }

  /** Resolves when enough epochs have closed, or after `ending` was aborted. */
  async watch(ending: AbortSignal): Promise<void> {
    const { progress } = this.#modules;
    while (!ending.aborted && this.#epochs.length < (this.#options.epochs ?? Number.POSITIVE_INFINITY)) {
      try {
        await this.#look();
      } catch (error) {
        if (!isPassing(error)) throw error;
        progress.live(`${progress.palette.faint('the oracle has no time to answer; it is asked again')}`);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: ending }).catch(() => undefined);
    }
    progress.live(undefined);
  }

  async #look(): Promise<void> {
    const { running, progress } = this.#modules;
    const network = await running.api.network();
    this.#sayFirstHex(network);
    await this.#sayEpochs(network);
    progress.live(describeNow(network, await statuses(running), progress));
  }

  sightings(): Sightings {
    return {
      ...(this.#firstHexMs === undefined ? {} : { firstHexMs: this.#firstHexMs }),
      ...(this.#firstEpochMs === undefined ? {} : { firstEpochMs: this.#firstEpochMs }),
      epochs: this.#epochs,
    };
  }

  #sayFirstHex({ hexes }: NetworkView): void {
    if (this.#firstHexMs !== undefined || hexes.covered === 0) return;
    const { progress, ageMs, running } = this.#modules;
    this.#firstHexMs = Math.round(ageMs());
    const { good, accent, faint } = progress.palette;
    const age = faint(`${formatDuration(this.#firstHexMs)} after the start`);
    progress.say(`  ${good('⬢')} The first hexagon is on the map: ${accent(running.api.url)} ${age}`);
  }

  async #sayEpochs({ latestClosedEpoch = -1 }: NetworkView): Promise<void> {
    const { running, progress, ageMs } = this.#modules;
    while (this.#lastEpoch < latestClosedEpoch) {
      const epoch = await running.api.epoch(this.#lastEpoch + 1);
      const sinceStartMs = Math.round(ageMs());
      const caught = sortByCheat(await verdictsOf(epoch.epoch, running), (id) => running.cheatOf(id));
      this.#lastEpoch++;
      this.#epochs.push(epoch);
      if (epoch.hotspotsPaid > 0) this.#firstEpochMs ??= sinceStartMs;
      progress.say(...describeEpoch(epoch, caught, { sinceStartMs, palette: progress.palette }));
    }
  }
}

/** Every verdict on a hotspot's report in one epoch. */
async function verdictsOf(epoch: number, { api, simulator }: RunningNetwork): Promise<readonly VerdictView[]> {
  if (!simulator) return [];
  const found: VerdictView[] = [];
  for (const { id } of await api.hotspots()) {
    const verdicts = await api.verdicts(id, (verdict) => verdict.epoch >= epoch);
    found.push(...verdicts.filter((verdict) => verdict.epoch === epoch));
  }
  return found;
}

const statuses = ({ bridges }: RunningNetwork): Promise<readonly BridgeStatus[]> =>
  Promise.all(
    bridges.map(async (bridge) => {
      const answer = await bridge.request<BridgeStatusAnswer & { id: number }>(
        { type: 'bridge/status' },
        'bridge/status',
      );
      return answer.status;
    }),
  );

/** One line about this moment. */
function describeNow(network: NetworkView, bridges: readonly BridgeStatus[], { palette }: Progress): string {
  const { timing, serverTimeMs, round, epoch, hexes } = network;
  const participants = bridges.flatMap((status) => status.participants);
  const sum = (count: (participant: BridgeStatus['participants'][number]) => number): string =>
    formatCount(participants.reduce((total, participant) => total + count(participant), 0));
  const { faint, strong } = palette;
  const dot = faint(' · ');
  const closesInMs = timing.genesisMs + (epoch + 1) * timing.epochMs + timing.epochGraceMs - serverTimeMs;
  return [
    epoch < 0
      ? `round 0 begins in ${formatDuration(timing.genesisMs - serverTimeMs)}`
      : `round ${strong(String(round.index))}`,
    ...(participants.length === 0
      ? [`${formatCount(network.hotspots)} hotspots`]
      : [
          `${sum(({ transmissions }) => transmissions.sent)} transmissions`,
          `${sum(({ witness }) => witness.reported)} receptions`,
          `${sum(({ verdicts }) => Object.values(verdicts.received).reduce((total, n) => total + n, 0))} verdicts`,
        ]),
    `${formatCount(hexes.covered)} hexes`,
    ...(epoch < 0 ? [] : [`epoch ${epoch} closes in ${formatDuration(Math.max(0, closesInMs))}`]),
  ].join(dot);
}
