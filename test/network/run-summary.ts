import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BridgeStatus } from '@sextant/firmware-bridge/bridge';
import { sumOf } from '@sextant/firmware-bridge/bridge';
import type { EpochView, OutcomeCounts } from '@sextant/oracle/api';
import type { RunningNetwork } from './bring-up.ts';
import type { ChainSummary, Settling } from './chain/settling.ts';
import { countLog, type LogCensus, sumOfReports } from './log-census.ts';
import type { Sightings } from './monitor.ts';
import { type PlacesSummary, summarisePlaces } from './places-summary.ts';
import type { BridgeIdle, BridgeStatusAnswer } from './process-messages.ts';

/** What `--json` writes. */
export interface RunSummary {
  readonly hotspots: number;
  /** Reveals in the log. */
  readonly beacons: number;
  readonly witnessReports: number;
  readonly surveyTransmissions: number;
  /** Final verdicts of the epochs that closed. */
  readonly outcomes: OutcomeCounts;
  readonly byReason: Readonly<Record<string, number>>;
  readonly hexes: number;
  readonly epochs: readonly {
    readonly index: number;
    /** Of the rewards. */
    readonly root: string;
    /** Base units, as text. */
    readonly total: string;
    readonly hotspotsPaid: number;
  }[];
  /** Since the command was given; null: it was not seen. */
  readonly firstHexMs: number | null;
  readonly firstEpochMs: number | null;
  readonly peakRssMiB: number;
  /** Created − (in the log + outbox + dead letters + counted drops). */
  readonly lostReports: number;
  /** Null: the run had no chain. */
  readonly chain: ChainSummary | null;
  /** What the newest epoch said about places; null: rule set 1 judges none. */
  readonly places: PlacesSummary | null;
}

/**
 * Counts at the end of a run, while everything but the simulator still runs: every report that a bridge made is brought to
 * the log or counted where it is. Repeated until nothing new came up meanwhile (reveals come seconds after transmissions).
 */
export async function summarise(
  running: RunningNetwork,
  sightings: Sightings,
  peakRssMiB: number,
  settling?: Pick<Settling, 'summary'>,
): Promise<RunSummary> {
  const [validator] = running.network.validators;
  if (!validator) throw new Error('the network has no validator');
  const { census, lostReports } = await untilStill(async () => {
    await askAll<BridgeIdle>(running, 'bridge/idle');
    const before = await readTotals(running);
    const counted = await countLog(running.api.url, validator);
    const after = await readTotals(running);
    const isStill = before.created === after.created && sumOfReports(counted) >= after.receipted;
    return { isStill, census: counted, lostReports: after.created - after.elsewhere - sumOfReports(counted) };
  });
  const network = await running.api.network();
  return {
    hotspots: network.hotspots,
    ...reportCounts(census),
    ...verdictCounts(sightings.epochs),
    hexes: network.hexes.covered,
    epochs: sightings.epochs.map(({ epoch, roots, total, hotspotsPaid }) => ({
      index: epoch,
      root: roots.rewards,
      total,
      hotspotsPaid,
    })),
    firstHexMs: sightings.firstHexMs ?? null,
    firstEpochMs: sightings.firstEpochMs ?? null,
    peakRssMiB: Math.round(peakRssMiB * 10) / 10,
    lostReports,
    chain: settling?.summary() ?? null,
    places: await summarisePlaces(running),
  };
}

export function writeSummary(path: string, summary: unknown): void {
  writeFileSync(path, `${JSON.stringify(summary, undefined, 2)}\n`);
}

/** Reveals are due within a slot and twice the clock margin, and a checkpoint is published once a second. */
const TRIES = 60;
const TRY_EVERY_MS = 500;

async function untilStill<T extends { readonly isStill: boolean }>(count: () => Promise<T>): Promise<T> {
  let counted = await count();
  for (let i = 1; i < TRIES && !counted.isStill; i++) {
    await sleep(TRY_EVERY_MS);
    counted = await count();
  }
  return counted;
}

interface Totals {
  readonly created: number;
  readonly receipted: number;
  /** In outboxes, in dead letters, or dropped and counted. */
  readonly elsewhere: number;
}

async function readTotals(running: RunningNetwork): Promise<Totals> {
  const answers = await askAll<BridgeStatusAnswer>(running, 'bridge/status');
  const outboxes = answers.flatMap(({ status }: { status: BridgeStatus }) =>
    status.participants.map(({ outbox }) => outbox),
  );
  const sum = (of: (outbox: (typeof outboxes)[number]) => number): number =>
    outboxes.reduce((total, outbox) => total + of(outbox), 0);
  return {
    created: sum(({ totals }) => sumOf(totals.created)),
    receipted: sum(({ totals }) => sumOf(totals.receipted)),
    elsewhere: sum(({ totals, inOutbox }) => inOutbox + sumOf(totals.deadLettered) + sumOf(totals.dropped)),
  };
}

const askAll = <Answer extends { readonly type: string }>(
  { bridges }: RunningNetwork,
  type: Answer['type'],
): Promise<readonly Answer[]> =>
  Promise.all(bridges.map((bridge) => bridge.request<Answer & { id: number }>({ type }, type)));

function reportCounts({ reports }: LogCensus) {
  const { beacon = 0, witness = 0, survey = 0 } = reports;
  return { beacons: beacon, witnessReports: witness, surveyTransmissions: survey };
}

function verdictCounts(epochs: readonly EpochView[]) {
  const outcomes = { valid: 0, invalid: 0, insufficient: 0 };
  const byReason: Record<string, number> = {};
  for (const epoch of epochs) {
    for (const outcome of ['valid', 'invalid', 'insufficient'] as const) outcomes[outcome] += epoch.outcomes[outcome];
    for (const [reason, count] of Object.entries(epoch.byReason)) byReason[reason] = (byReason[reason] ?? 0) + count;
  }
  return { outcomes, byReason };
}
