import { join } from 'node:path';
import type { RandomSource } from '@sextant/firmware-bridge/bridge';
import { bytesToHex, type ParticipantKind, type Timing, type UnixMs } from '@sextant/firmware-bridge/protocol';
import type { NetworkView } from '@sextant/oracle/api';
import { deriveTiming } from '@sextant/oracle/core';
import { type Cheat, type CityPlan, planCity } from '../simulator/city-plan.ts';
import type { SimulatorAnswer, SimulatorRequest } from '../simulator/process-messages.ts';
import type { Child } from './child-process.ts';
import { openCity } from './city-file.ts';
import { carGateway, euisOf, hotspotGateway, shareOut } from './city-gateways.ts';
import { ownerOf, VALIDATORS_OWNER } from './demo-owner-key.ts';
import { formatDuration } from './durations.ts';
import { type LaunchOptions, OptionError } from './launch-options.ts';
import { OracleApi } from './oracle-api.ts';
import { joinNetwork, type OwnedKeys, openOwnedKeys, writeBridgeFolder } from './owners.ts';
import { checkPorts, findFreeUdpPort } from './ports.ts';
import type { BridgeReady, Invited, Operated, OracleReady, OracleStep } from './process-messages.ts';
import { type Children, flagsOf, SITE_FOLDER } from './programs.ts';
import type { Progress } from './progress/progress.ts';

export interface RunningNetwork {
  readonly api: OracleApi;
  readonly network: NetworkView;
  readonly oracle: Child;
  readonly bridges: readonly Child[];
  readonly simulator?: Child;
  /** Everything in the simulated city that has a key. */
  readonly owned: readonly OwnedKeys[];
  /** What a participant of the simulated city really is. */
  cheatOf(id: string): Cheat | undefined;
}

export interface BringUpModules {
  readonly children: Children;
  readonly progress: Progress;
  /** Makes the keys of a new city's gateways. */
  readonly random: RandomSource;
}

const BRIDGES = 2;
/** Rule set 1 knows no trust. */
const FIRST_RULE_SET_WITH_TRUST = 2;
/** One in twelve is audited, as in the worlds the rules are measured in (oracle/docs/detection.md). */
const HOTSPOTS_PER_ANCHOR = 12;
/** As long as a survey device's grant. */
const ANCHOR_EPOCHS = 3_650;
const BATCH_DELAY_MS = 500;
const STATUS_INTERVAL_MIN = 10;
/** Low enough that the map's build never takes a processor from the network. */
const SITE_NICENESS = 10;
/**
 * An assertion is in force two rounds after the one whose slot mark it precedes: the earlier a round ends after the last
 * hotspot has asserted its place, the sooner the first beacon. From the log's first entry to there it takes this long here.
 */
const ASSERTED_AFTER_MS = 22_000;

/** Starts every process of the network, and the city if one is wanted. Rejects with an error that says what to do. */
export async function bringUp(options: LaunchOptions, modules: BringUpModules): Promise<RunningNetwork> {
  await checkPorts(wantedPorts(options));
  const plan = options.simulator ? planCity(openCity(options)) : undefined;
  startSite(modules);
  const oracle = startOracle(options, modules);
  const city = plan && startCity(plan, options, modules);
  city?.catch(() => undefined);
  const { httpPort } = await oracle.ready;
  const api = new OracleApi(`http://127.0.0.1:${httpPort}`);
  const network = await api.network();
  checkNetwork(network, options);
  if (!city) return { api, network, oracle: oracle.child, bridges: [], owned: [], cheatOf: () => undefined };
  const { simulator, shares, cheats } = await city;
  const owned = shares.flatMap((share) => share.owned);
  await joinAll(owned, { ...modules, api, network, oracle: oracle.child });
  if (network.ruleSet >= FIRST_RULE_SET_WITH_TRUST) {
    const honest = owned.filter(({ kind, keys }) => kind === 'hotspot' && !cheats.has(keys.id));
    await grantAnchors(honest, { ...modules, oracle: oracle.child });
  }
  const bridges = await startBridges(shares, { ...modules, network });
  return { api, network, oracle: oracle.child, bridges, simulator, owned, cheatOf: (id) => cheats.get(id) };
}

const wantedPorts = ({ httpPort, mqttPort, udpPort, simulator, chain }: LaunchOptions) =>
  [
    { protocol: 'tcp', port: httpPort, purpose: 'the map and the API', option: 'http-port' },
    { protocol: 'tcp', port: mqttPort, purpose: 'the MQTT broker', option: 'mqtt-port' },
    {
      protocol: 'tcp',
      port: chain?.kind === 'local' ? chain.port : 0,
      purpose: 'the local chain',
      option: 'chain-port',
    },
    { protocol: 'udp', port: simulator ? udpPort : 0, purpose: 'the packet forwarders', option: 'udp-port' },
  ] as const;

function startSite({ children, progress }: BringUpModules): void {
  const step = progress.begin('map');
  const site = children.start('site', 'map', [], { niceness: SITE_NICENESS });
  site.on<{ type: 'site/progress'; progress: { step: string; done: number; total: number } }>(
    'site/progress',
    ({ progress: { step: part, done, total } }) =>
      step.update(
        part === 'basemap' ? `drawing the basemap, ${Math.round((100 * done) / total)} %` : 'bundling the page',
      ),
  );
  site.next('site/built').then(
    () => step.done('built'),
    (error: Error) => step.failed(`${error.message}; the API works without it`),
  );
}

function startOracle(options: LaunchOptions, { children, progress }: BringUpModules) {
  const { dataDirectory, network, mqttPort, httpPort } = options;
  const step = progress.begin('oracle');
  const settings = {
    data: join(dataDirectory, 'oracle'),
    round: `${network.roundMs}ms`,
    epoch: `${network.epochMs}ms`,
    'rule-set': network.ruleSet,
    'genesis-in': `${ASSERTED_AFTER_MS - network.roundMs}ms`,
    'mqtt-port': mqttPort,
    'http-port': httpPort,
    site: SITE_FOLDER,
    owner: `0x${bytesToHex(ownerOf(VALIDATORS_OWNER))}`,
    // A whole city joins from one address.
    'join-rate': Math.max(10, options.city.hotspots + options.city.cars),
  };
  const child = children.start('oracle', 'oracle', ['start', ...flagsOf(settings)]);
  child.on<OracleStep>('oracle/step', ({ text }) => step.update(text));
  const ready = child.next<OracleReady>('oracle/ready').then(
    (answer) => {
      step.done(`broker on port ${answer.mqttPort}, website on port ${answer.httpPort}`);
      return answer;
    },
    (error: Error) => {
      step.failed('');
      throw error;
    },
  );
  return { child, ready };
}

function checkNetwork({ timing, ruleSet }: NetworkView, { network, given, dataDirectory }: LaunchOptions): void {
  if (given.has('rule-set') && ruleSet !== network.ruleSet) {
    throw new OptionError(
      `${dataDirectory} holds a network under rule set ${ruleSet}, for ever. Leave --rule-set out, or make another ` +
        'network beside it:  npm start -- --data ./data-2 …',
    );
  }
  for (const [name, has] of [
    ['round', timing.roundMs],
    ['epoch', timing.epochMs],
  ] as const) {
    if (!given.has(name) || has === network[`${name}Ms`]) continue;
    throw new OptionError(
      `${dataDirectory} holds a network whose ${name} takes ${formatDuration(has)}, for ever. Leave --${name} out, or make ` +
        'another network beside it:  npm start -- --data ./data-2 …',
    );
  }
}

interface BridgeShare {
  readonly name: string;
  readonly folder: string;
  readonly udpPort: number;
  readonly owned: readonly OwnedKeys[];
}

/** The simulator runs, and every gateway has keys: what can be done while the oracle starts. */
async function startCity(plan: CityPlan, options: LaunchOptions, modules: BringUpModules) {
  const { children, progress } = modules;
  const step = progress.begin(`city of ${plan.hotspots.length} hotspots and ${plan.cars.length} survey cars`);
  const simulator = children.start('simulator', 'simulator', []);
  const udpPorts = [options.udpPort === 0 ? await findFreeUdpPort() : options.udpPort];
  while (udpPorts.length < BRIDGES) udpPorts.push(await findFreeUdpPort());
  const hotspots = shareOut(plan.hotspots, BRIDGES);
  const cars = shareOut(plan.cars, BRIDGES);
  const portOf = (eui: string): number => {
    const at = hotspots.findIndex((share, i) => [...share, ...(cars[i] ?? [])].some((gateway) => gateway.eui === eui));
    return udpPorts[at] ?? 0;
  };
  const request: Omit<Extract<SimulatorRequest, { type: 'simulator/start' }>, 'id'> = {
    type: 'simulator/start',
    options: {
      plan,
      timing: timingOf(options),
      bridgePorts: Object.fromEntries(euisOf(plan).map((eui) => [eui, portOf(eui)])),
      gpsdPorts: {},
    },
  };
  type Started = Extract<SimulatorAnswer, { type: 'simulator/started' }>;
  const { gpsdPorts } = await simulator.request<Started>(request, 'simulator/started');
  step.update('making keys');
  const shares: BridgeShare[] = [];
  for (const [i, udpPort] of udpPorts.entries()) {
    const folder = join(options.dataDirectory, `bridge-${i + 1}`);
    const gateways = [
      ...(hotspots[i] ?? []).map(hotspotGateway),
      ...(cars[i] ?? []).map((car) => carGateway(car, gpsdPorts[car.eui] ?? 0)),
    ];
    const owned = await openOwnedKeys(folder, gateways, modules.random);
    // Here the chains are computed while the oracle starts; the bridges find them in their cache.
    for (const { keys } of owned) await keys.chain(1);
    shares.push({ name: `bridge ${i + 1}`, folder, udpPort, owned });
  }
  step.done('has keys');
  return { simulator, shares, cheats: cheatsById(plan, shares) };
}

/** The lengths alone matter to the simulator. */
function timingOf({ network }: LaunchOptions): Timing {
  const profile = deriveTiming(network);
  if (typeof profile === 'string') throw new OptionError(profile);
  return { ...profile, genesisMs: 0 as UnixMs };
}

function cheatsById(plan: CityPlan, shares: readonly BridgeShare[]): ReadonlyMap<string, Cheat> {
  const byEui = new Map(plan.hotspots.map(({ eui, cheat }) => [eui, cheat]));
  const all = shares.flatMap(({ owned }) => owned.map(({ keys, eui }) => [keys.id, byEui.get(eui)] as const));
  return new Map(all.flatMap(([id, cheat]) => (cheat ? [[id, cheat]] : [])));
}

/** Asks for an invitation a key, and joins with it over HTTP, as their owners would. */
async function joinAll(
  owned: readonly OwnedKeys[],
  {
    progress,
    api,
    network,
    oracle,
  }: BringUpModules & { readonly api: OracleApi; readonly network: NetworkView; readonly oracle: Child },
): Promise<void> {
  const step = progress.begin(`${owned.length} keys join`);
  let joined = 0;
  const joinKind = async (kind: ParticipantKind): Promise<void> => {
    const wanting = owned.filter((one) => one.kind === kind);
    const request = { type: 'oracle/invite', participant: kind, count: wanting.length };
    const { codes } = await oracle.request<Invited & { id: number }>(request, 'oracle/invited');
    await inParallel(8, wanting, async (one, i) => {
      await joinNetwork(api, network.networkId, one, codes[i] ?? '');
      step.update(`${++joined}`);
    });
  };
  await joinKind('hotspot');
  await joinKind('survey_device');
  step.done('known by invitation');
}

/** The validator has audited a few: trust flows from them and from the survey cars, which were granted as they joined. */
async function grantAnchors(
  honest: readonly OwnedKeys[],
  { progress, oracle }: BringUpModules & { readonly oracle: Child },
): Promise<void> {
  const audited = honest.filter((_, i) => i % HOTSPOTS_PER_ANCHOR === 0);
  if (audited.length === 0) return;
  const step = progress.begin(`${audited.length} hotspots are audited`);
  for (const { keys } of audited) {
    const request = { ask: 'grant', id: keys.id, grant: 'anchor', epochs: ANCHOR_EPOCHS } as const;
    const message = { type: 'oracle/operate', request };
    const { answer } = await oracle.request<Operated & { id: number }>(message, 'oracle/operated');
    if (answer.ask !== 'grant' || !answer.result.ok) throw new Error(`${keys.id} could not be granted as an anchor`);
  }
  step.done('granted as anchors: trust flows from them');
}

async function inParallel<T>(
  width: number,
  items: readonly T[],
  work: (item: T, i: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) await work(item, i);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function startBridges(
  shares: readonly BridgeShare[],
  { children, progress, network }: BringUpModules & { readonly network: NetworkView },
): Promise<readonly Child[]> {
  const step = progress.begin(`${shares.length} bridges`);
  return Promise.all(
    shares.map(async ({ name, folder, udpPort, owned }) => {
      const settings = { udpPort, batchDelayMs: BATCH_DELAY_MS, statusIntervalMin: STATUS_INTERVAL_MIN };
      await writeBridgeFolder(folder, network, owned, settings);
      const bridge = children.start('bridge', name, ['run', '--data', folder, '--json-logs']);
      await bridge.next<BridgeReady>('bridge/ready');
      return bridge;
    }),
  ).finally(() => step.done(`UDP ports ${shares.map(({ udpPort }) => udpPort).join(' and ')}`));
}
