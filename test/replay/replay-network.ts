import { join } from 'node:path';
import { createSeededRandom } from '@sextant/firmware-bridge/bridge';
import { createManualClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { type ParticipantKind, unixMs } from '@sextant/firmware-bridge/protocol';
import type { NetworkView } from '@sextant/oracle/api';
import type { Child } from '../network/child-process.ts';
import { shareOut } from '../network/city-gateways.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { joinNetwork, type OwnedKeys, openOwnedKeys, writeBridgeFolder } from '../network/owners.ts';
import type { BridgeReady, BridgeStatusAnswer, Invited, OracleReady } from '../network/process-messages.ts';
import { type Children, flagsOf } from '../network/programs.ts';
import type { Step } from '../network/progress/progress.ts';
import { advance, Lockstep } from './lockstep.ts';
import { MeasuredWorld } from './measured-world.ts';
import type { ReplayChoice } from './replay-options.ts';
import type { ReplayPlan } from './replay-plan.ts';

/** 2024-01-01T00:00:00Z: round 0 of every replay begins here. */
const GENESIS_MS = unixMs(1_704_067_200_000);
/** Long enough for a whole measurement in one epoch, and slots of 50 s with half a minute of clock margin. */
const ROUND = '10min';
const EPOCH = '4h';
/** Within it, what processes do must not depend on who is first; a hundredth of the margin the protocol leaves. */
const STEP_MS = 500;
/** The network is told nothing about the gateways' health: it has nothing to do with the measurement. */
const STATUS_INTERVAL_MIN = 1_440;
/** Batches leave when they are asked to: the replay decides how many reports share one. */
const BATCH_DELAY_MS = 20_000;

export interface ReplayNetwork {
  readonly api: OracleApi;
  readonly network: NetworkView;
  readonly oracle: Child;
  readonly bridges: readonly Child[];
  readonly world: MeasuredWorld;
  readonly lockstep: Lockstep;
  /** Participant ids by EUI. */
  readonly ids: ReadonlyMap<string, string>;
}

export interface ReplayModules {
  readonly children: Children;
  readonly folder: string;
  readonly step: Step;
}

/** Starts oracle, bridges and the measured world, everybody at one steered time; every key has joined and asserted. */
export async function startReplayNetwork(
  plan: ReplayPlan,
  options: ReplayChoice,
  modules: ReplayModules,
): Promise<ReplayNetwork> {
  const { children, folder, step } = modules;
  const clock = createManualClock(GENESIS_MS);
  step.update('starting the oracle');
  const oracle = children.start('oracle', 'oracle', ['start', ...oracleFlags(folder, options), '--steered-clock']);
  const ready = oracle.next<OracleReady>('oracle/ready');
  const [world] = await Promise.all([MeasuredWorld.open(plan, clock), advance(oracle, GENESIS_MS)]);
  const shares = await makeKeys(world, options, folder);
  const { httpPort } = await ready;
  const api = new OracleApi(`http://127.0.0.1:${httpPort}`);
  const network = await api.network();
  step.update('keys join');
  await joinAll(shares.flat(), oracle, api, network.networkId);
  step.update('starting the bridges');
  const bridges = await startBridges(shares, options, network, modules);
  await world.start(
    (eui) => bridges.find(({ owned }) => owned.some((one) => one.eui === eui))?.udpPort ?? 0,
    createSeededRandom(options.seed),
  );
  const processes = bridges.map(({ bridge }) => bridge);
  await untilConnected(processes);
  const lockstep = await alignTime(clock, { oracle, bridges: processes, world }, options);
  lockstep.keepTo({ ...network.timing, genesisMs: GENESIS_MS });
  const ids = new Map(shares.flatMap((owned) => owned.map(({ eui, keys }) => [eui, keys.id] as const)));
  return { api, network, oracle, bridges: processes, world, lockstep, ids };
}

const oracleFlags = (folder: string, { seed }: ReplayChoice): readonly string[] =>
  flagsOf({
    'join-rate': 10_000,
    data: join(folder, 'oracle'),
    'network-id': 'replay',
    // Its figures are those of these rules.
    'rule-set': 1,
    round: ROUND,
    epoch: EPOCH,
    'genesis-in': '0s',
    'mqtt-port': 0,
    'http-port': 0,
    seed,
  });

async function makeKeys(
  world: MeasuredWorld,
  { bridges, seed }: ReplayChoice,
  folder: string,
): Promise<readonly (readonly OwnedKeys[])[]> {
  const random = createSeededRandom(seed);
  const gateways = world.gateways.map(({ owned }) => owned);
  return Promise.all(
    shareOut(gateways, bridges).map((share, i) => openOwnedKeys(bridgeFolder(folder, i), share, random)),
  );
}

const bridgeFolder = (folder: string, i: number): string => join(folder, `bridge-${i + 1}`);

async function joinAll(owned: readonly OwnedKeys[], oracle: Child, api: OracleApi, networkId: string): Promise<void> {
  for (const participant of ['hotspot', 'survey_device'] as const satisfies readonly ParticipantKind[]) {
    const wanting = owned.filter(({ kind }) => kind === participant).sort((a, b) => (a.eui < b.eui ? -1 : 1));
    const request = { type: 'oracle/invite', participant, count: wanting.length };
    const { codes } = await oracle.request<Invited & { id: number }>(request, 'oracle/invited');
    for (const [i, one] of wanting.entries()) await joinNetwork(api, networkId, one, codes[i] ?? '');
  }
}

async function startBridges(
  shares: readonly (readonly OwnedKeys[])[],
  { seed }: ReplayChoice,
  network: NetworkView,
  { children, folder }: ReplayModules,
) {
  return Promise.all(
    shares.map(async (owned, i) => {
      const data = bridgeFolder(folder, i);
      const settings = { udpPort: 0, batchDelayMs: BATCH_DELAY_MS, statusIntervalMin: STATUS_INTERVAL_MIN };
      await writeBridgeFolder(data, network, owned, settings);
      const flags = flagsOf({ data, clock: 'ipc', seed });
      const bridge = children.start('bridge', `bridge ${i + 1}`, ['run', ...flags, '--json-logs']);
      const ready = bridge.next<BridgeReady>('bridge/ready');
      await advance(bridge, GENESIS_MS);
      return { bridge, owned, udpPort: (await ready).udpPort };
    }),
  );
}

/** Every packet forwarder has been heard, and every participant is logged in. */
async function untilConnected(bridges: readonly Child[]): Promise<void> {
  for (const bridge of bridges) {
    for (;;) {
      const { status } = await bridge.request<BridgeStatusAnswer & { id: number }>(
        { type: 'bridge/status' },
        'bridge/status',
      );
      const isConnected = ({ gateway, sessions }: (typeof status.participants)[number]): boolean =>
        gateway.connected && sessions.every((session) => session.connected);
      if (status.participants.every(isConnected)) break;
    }
  }
}

async function alignTime(
  clock: ManualClock,
  {
    oracle,
    bridges,
    world,
  }: { readonly oracle: Child; readonly bridges: readonly Child[]; readonly world: MeasuredWorld },
  { deliverEveryMs }: ReplayChoice,
): Promise<Lockstep> {
  const lockstep = new Lockstep(
    { stepMs: STEP_MS, deliverEveryMs },
    { clock, children: [oracle, ...bridges], bridges, unacknowledgedPushes: () => world.unacknowledgedPushes() },
  );
  await lockstep.deliver();
  return lockstep;
}
