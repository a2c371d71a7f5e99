import { type Logger, pino } from 'pino';
import { appealOf } from '../appeal/appeal-request.ts';
import { GpsdPositionSource } from '../beaconing/gpsd-position-source.ts';
import { Bridge } from '../bridge/bridge.ts';
import { createSteeredClock } from '../clock/steered-clock.ts';
import { createSystemClock } from '../clock/system-clock.ts';
import type { Clock } from '../clock.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Settings } from '../config/settings.ts';
import { fastVerifySignature } from '../crypto/native-ed25519.ts';
import { LoginExplainer } from '../network/login-explainer.ts';
import type { NetworkFacts } from '../network/network-facts.ts';
import { openBrokerSession } from '../network/oracle-http.ts';
import { openLevelStore } from '../outbox/level-store.ts';
import { DEFAULT_OUTBOX_OPTIONS } from '../outbox/outbox.ts';
import { SemtechUdpDriver } from '../radio/semtech-udp/semtech-udp-driver.ts';
import { createSeededRandom, createSystemRandom, type RandomSource } from '../random.ts';
import { startStatusServer } from '../status/status-server.ts';
import { UsageError } from './arguments.ts';
import { answerParent } from './bridge-ipc.ts';
import type { DataFolder } from './data-folder.ts';
import { createPrettyStream } from './pretty-log.ts';
import { chooseGateways, gatewaySettings, participantOf, readAuthority, readConfig, readNetwork } from './run-setup.ts';
import { untilShutdown } from './shutdown.ts';
import type { Terminal } from './terminal.ts';

export interface RunModules {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Flags = Readonly<Record<string, string | true>>;

interface RunSetup {
  readonly folder: DataFolder;
  readonly settings: Settings;
  readonly facts: NetworkFacts;
  readonly gateways: readonly GatewayConfig[];
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
}

/** Serves gateways until a signal, or until the parent that forked it is gone. What comes back is the exit code. */
export async function runCommand(
  command: 'run' | 'survey',
  flags: Flags,
  folder: DataFolder,
  { terminal, environment }: RunModules,
): Promise<number> {
  const { settings, gateways: configured } = await readConfig(folder, flags, environment);
  const gateways = chooseGateways(command, configured, folder);
  const facts = await readNetwork(folder);
  const clock = await createClock(flags);
  const random = typeof flags['seed'] === 'string' ? createSeededRandom(flags['seed']) : createSystemRandom();
  const logger = createLogger(settings, flags['json-logs'] === true, terminal, clock);
  const { bridge, driver, explainer } = await createBridge({
    folder,
    settings,
    facts,
    gateways,
    clock,
    random,
    logger,
  });
  await bridge.start();
  const statusServer = await startStatusServer(folder.statusDoor, {
    status: () => bridge.status(),
    appeal: (request) => bridge.appeal(request.id, appealOf(request)),
  });
  const hush = answerParent(process, bridge);
  logger.info({ gateways: gateways.length, udpPort: driver.port(), network: facts.networkId }, 'ready');
  process.send?.({ type: 'bridge/ready', udpPort: driver.port(), statusPort: statusServer.port });
  if (flags['clock'] === undefined) void explainer.checkStart();

  const why = await untilShutdown(process, process.connected, () => process.exit(1));
  logger.info({ why }, 'stopping; everything in the outbox stays');
  hush();
  await statusServer.close();
  await bridge.stop();
  if (process.connected) process.disconnect();
  return 0;
}

async function createClock(flags: Flags): Promise<Clock> {
  if (flags['clock'] === undefined) return createSystemClock();
  if (flags['clock'] !== 'ipc') throw new UsageError('--clock knows "ipc" only: a replay moves the clock.');
  if (!process.send) throw new UsageError('--clock ipc needs a parent process with an IPC channel: it is for replays.');
  const clock = createSteeredClock(process);
  await clock.started;
  return clock;
}

function createLogger(settings: Settings, isJson: boolean, terminal: Terminal, clock: Clock): Logger {
  const options = { level: settings['log.level'], base: null, timestamp: () => `,"time":${clock.now()}` };
  if (isJson) return pino(options);
  return pino(
    options,
    createPrettyStream((text) => process.stdout.write(text), terminal.hasColour),
  );
}

const tokenBearer = (networkUrl: string) => (id: string, token: string) => openBrokerSession(networkUrl, { id, token });

async function createBridge(setup: RunSetup) {
  const { folder, settings, facts, gateways, clock, random, logger } = setup;
  const timers = createSystemClock();
  const tokens = random.fork('tokens');
  const driver = new SemtechUdpDriver(
    {
      address: settings['semtech_udp.address'],
      port: settings['semtech_udp.port'],
      allowRemoteGateways: settings['semtech_udp.allow_remote_gateways'],
      answerTimeoutMs: settings['semtech_udp.answer_timeout'] * 1_000,
      gatewayExpiryMs: 60_000,
    },
    { clock, logger, randomToken: () => tokens.below(65_536), settingsFor: gatewaySettings(gateways) },
  );
  const caFile = settings['mqtt.ca_file'];
  const explainer = new LoginExplainer({ facts, networkUrl: settings.network_url, clock, timers, logger });
  const bridge = new Bridge(
    {
      facts,
      participants: gateways.map(participantOf),
      keysFolder: folder.keys,
      maxOutboxBytes: settings['outbox.max_size'] * 1_048_576,
      maxUnsavedReports: DEFAULT_OUTBOX_OPTIONS.maxUnsavedReports,
      statusIntervalMs: settings['status.interval'] * 60_000,
      // A reception must be in the log before its slot is closed, W after its end.
      flushDelayMs: Math.min(settings['outbox.batch_delay'], Math.floor(facts.timing.clockMarginMs / 4)),
      maxInFlight: 8,
      ...(caFile === undefined ? {} : { ca: await readAuthority(caFile) }),
    },
    {
      driver,
      store: await openLevelStore(folder.outbox),
      clock,
      timers,
      random,
      verify: fastVerifySignature,
      logger,
      createPositionSource: ({ gpsd }) => new GpsdPositionSource(gpsd, { clock, timers, logger }),
      ...(settings.network_url === undefined ? {} : { bringToken: tokenBearer(settings.network_url) }),
      onLoginRefused: (validator, participantId) => void explainer.explain(validator, participantId),
    },
  );
  return { bridge, driver, explainer };
}
