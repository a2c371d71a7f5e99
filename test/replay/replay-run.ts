import { createHash } from 'node:crypto';
import type { BridgeStatus } from '@sextant/firmware-bridge/bridge';
import { sumOf } from '@sextant/firmware-bridge/bridge';
import { epochCutMs, revealAtMs, roundStartMs, slotAt, type Timing, unixMs } from '@sextant/firmware-bridge/protocol';
import type { EpochView, OutcomeCounts, RootName } from '@sextant/oracle/api';
import type { BridgeStatusAnswer, Settled } from '../network/process-messages.ts';
import type { Children } from '../network/programs.ts';
import type { Progress } from '../network/progress/progress.ts';
import { type JudgedLink, judgeLinks } from './link-verdicts.ts';
import { type ReplayNetwork, startReplayNetwork } from './replay-network.ts';
import type { ReplayChoice } from './replay-options.ts';
import type { ReplayPlan } from './replay-plan.ts';

/** What `--json` writes. */
export interface ReplayResult {
  /** Measured receptions with a known gateway. */
  readonly links: number;
  readonly reportsSent: number;
  readonly receipts: number;
  /** Of the links. */
  readonly outcomes: OutcomeCounts;
  readonly byReason: Readonly<Record<string, number>>;
  readonly hexes: number;
  /** SHA-256 over all roots of all epochs. */
  readonly root: string;
  readonly seconds: number;
  readonly epochs: readonly { readonly epoch: number; readonly roots: Readonly<Record<RootName, string>> }[];
  readonly invalid: readonly JudgedLink[];
  /** Rows whose reception reached no verdict: none, if all is well. */
  readonly unjudged: readonly number[];
  readonly transmissions: {
    readonly surveys: number;
    readonly beacons: number;
    /** Ordered at a spreading factor that no waiting packet could have had, and not sent. */
    readonly refused: number;
  };
}

export interface ReplayRunModules {
  readonly children: Children;
  readonly progress: Progress;
  /** Empty. */
  readonly folder: string;
  readonly nowMs: () => number;
}

/** An assertion made in round 0 is in force from this round on. */
const FIRST_ROUND = 2;
/** Steps while nothing is on the air: what is due comes from one process alone. */
const QUIET_STEP_MS = 5_000;
const LOOK_EVERY_MS = 30_000;

/** Plays a measurement through a whole network, to the end of its last epoch. */
export async function runReplay(
  plan: ReplayPlan,
  options: ReplayChoice,
  modules: ReplayRunModules,
): Promise<ReplayResult> {
  const { children, progress, folder, nowMs } = modules;
  const startedMs = nowMs();
  const setup = progress.begin('network');
  const replay = await startReplayNetwork(plan, options, { children, folder, step: setup });
  setup.done(`${replay.ids.size} keys in ${replay.bridges.length} bridges`);
  await playAll(plan, replay, progress);
  const judging = progress.begin('closing the epoch');
  const last = await closeEpoch(replay);
  const epochs = await Promise.all(Array.from({ length: last + 1 }, (_, epoch) => replay.api.epoch(epoch)));
  judging.done(`${epochs.length === 1 ? 'one epoch' : `${epochs.length} epochs`}`);
  const reading = progress.begin('reading every verdict');
  const { links, without } = await judgeLinks(replay.world.told, replay.api, replay.ids);
  reading.done(`${links.length} of ${plan.links} links`);
  const totals = await readTotals(replay);
  return {
    links: plan.links,
    ...totals,
    ...countOutcomes(links),
    hexes: (await replay.api.network()).hexes.covered,
    root: rootOf(epochs),
    seconds: Math.round((nowMs() - startedMs) / 100) / 10,
    epochs: epochs.map(({ epoch, roots }) => ({ epoch, roots })),
    invalid: links.filter(({ outcome }) => outcome === 'invalid'),
    unjudged: without,
    transmissions: countTransmissions(replay),
  };
}

async function playAll(
  plan: ReplayPlan,
  { lockstep, world, network }: ReplayNetwork,
  progress: Progress,
): Promise<void> {
  const timing = network.timing as Timing;
  const step = progress.begin('measurement');
  await lockstep.advanceTo(roundStartMs(timing, FIRST_ROUND), QUIET_STEP_MS);
  world.depart();
  while (!world.isDone) {
    await lockstep.advanceTo(unixMs(lockstep.nowMs + LOOK_EVERY_MS));
    step.update(`${world.told.length} of ${plan.links} receptions`);
  }
  // The last reveal, and the time to carry it to the log.
  const revealedMs = revealAtMs(timing, slotAt(timing, lockstep.nowMs) + 1);
  await lockstep.advanceTo(unixMs(revealedMs + QUIET_STEP_MS), QUIET_STEP_MS);
  await lockstep.deliver();
  step.done(`${world.told.length} receptions told`);
}

/**
 * Goes on to the cut of the running epoch. What comes back is its number. The world stays until then: a gateway that is
 * gone cannot refuse what it is told to send, and what may have been sent is revealed.
 */
async function closeEpoch({ lockstep, network, oracle, world }: ReplayNetwork): Promise<number> {
  const timing = network.timing as Timing;
  const epoch = Math.floor((lockstep.nowMs - timing.genesisMs) / timing.epochMs);
  await lockstep.coastTo(unixMs(epochCutMs(timing, epoch) + QUIET_STEP_MS), timing.roundMs);
  await world.stop();
  await oracle.request<Settled & { id: number }>({ type: 'oracle/settle' }, 'oracle/settled');
  return epoch;
}

async function readTotals({ bridges }: ReplayNetwork): Promise<{ reportsSent: number; receipts: number }> {
  let reportsSent = 0;
  let receipts = 0;
  for (const bridge of bridges) {
    const answer = await bridge.request<BridgeStatusAnswer & { id: number }>(
      { type: 'bridge/status' },
      'bridge/status',
    );
    const { participants }: BridgeStatus = answer.status;
    for (const { outbox } of participants) {
      reportsSent += sumOf(outbox.totals.created);
      receipts += sumOf(outbox.totals.receipted);
    }
  }
  return { reportsSent, receipts };
}

function countOutcomes(links: readonly JudgedLink[]) {
  const outcomes = { valid: 0, invalid: 0, insufficient: 0 };
  const byReason: Record<string, number> = {};
  for (const { outcome, reason } of links) {
    outcomes[outcome]++;
    if (reason !== 'none') byReason[reason] = (byReason[reason] ?? 0) + 1;
  }
  return { outcomes, byReason };
}

function rootOf(epochs: readonly EpochView[]): string {
  const hash = createHash('sha256');
  for (const { epoch, roots } of epochs) {
    for (const name of Object.keys(roots).sort() as RootName[]) hash.update(`${epoch} ${name} ${roots[name]}\n`);
  }
  return hash.digest('hex');
}

function countTransmissions({ world, ids }: ReplayNetwork): ReplayResult['transmissions'] {
  const sent = new Set(world.told.map(({ sender, endMs }) => `${sender} ${endMs}`));
  const isSurvey = (key: string): boolean => ids.get(key.split(' ')[0] ?? '')?.startsWith('sv1') ?? false;
  const surveys = [...sent].filter(isSurvey).length;
  return { surveys, beacons: sent.size - surveys, refused: world.refused };
}
