import { readFile } from 'node:fs/promises';
import { type Clock, createSteeredClock, createSystemClock } from '@sextant/firmware-bridge/clock';
import { createPrettyStream, untilShutdown } from '@sextant/firmware-bridge/console';
import { createSeededRandom, createSystemRandom } from '@sextant/firmware-bridge/random';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { deriveTiming, type TimingProfile } from '../core/index.ts';
import { nodeFileSystem } from '../ledger/index.ts';
import { Oracle } from '../oracle.ts';
import type { OracleBroker, OracleOptions } from '../oracle-options.ts';
import type { OracleAnswer, OracleRequest } from '../process-messages.ts';
import type { ChainOptions } from '../settlement/index.ts';
import { type Settings, SettingsError } from './settings.ts';

export interface StartFlags {
  /** Time and randomness from the parent process: for replays. */
  readonly 'steered-clock'?: boolean;
  readonly seed?: string;
}

const GRANT_EPOCHS = 3_650;

/** The chain that the settings name; undefined when they name none. Throws SettingsError and DeploymentFileError. */
async function chainOptions(settings: Settings): Promise<ChainOptions | undefined> {
  const { chain: rpcUrls, deployment: file } = settings;
  if (rpcUrls.length === 0 && file === undefined) return undefined;
  if (rpcUrls.length === 0 || file === undefined) {
    throw new SettingsError('chain and deployment belong together: give both or none.');
  }
  const text = await readFile(file, 'utf8').catch(() => {
    throw new SettingsError(`deployment: ${file} cannot be read. sextant-deploy writes it.`);
  });
  const { parseDeployment } = await import('@sextant/contracts-client');
  return { ...chainPace(settings), rpcUrls, deployment: parseDeployment(text) };
}

const WEI_PER_GWEI = 1_000_000_000n;

const chainPace = (settings: Settings) => ({
  confirmations: settings['chain-confirmations'],
  pollMs: settings['chain-poll'],
  pageBlocks: settings['chain-page-blocks'],
  bumpAfterMs: settings['chain-bump-after'],
  maxFeePerGas: BigInt(settings['chain-max-fee']) * WEI_PER_GWEI,
  repostVetoed: settings['chain-repost-vetoed'],
});

/** Everything an oracle is told, from its settings. Throws SettingsError. */
export function oracleOptions(settings: Settings): OracleOptions {
  const { 'genesis-in': genesisInMs } = settings;
  return {
    dataDirectory: settings.data,
    newNetwork: {
      networkId: settings['network-id'],
      ruleSet: settings['rule-set'],
      timing: timingOf(settings),
      owner: settings.owner,
      ...(genesisInMs === undefined ? {} : { genesisInMs }),
    },
    broker: brokerOf(settings),
    http: {
      host: settings['http-host'],
      port: settings['http-port'],
      trustProxy: settings['trust-proxy'],
      joinRate: { perMinute: settings['join-rate'], burst: 3 * settings['join-rate'] },
    },
    ...(settings['mqtt-url'] === undefined ? {} : { mqttUrl: settings['mqtt-url'] }),
    ...(settings['database-url'] === undefined ? {} : { databaseUrl: settings['database-url'] }),
    ...(settings.site === undefined ? {} : { siteFolder: settings.site }),
    workers: settings.workers,
    surveyGrantEpochs: GRANT_EPOCHS,
  };
}

function brokerOf(settings: Settings): OracleBroker {
  const { broker: kind, 'mqtt-cert': certFile, 'mqtt-key': keyFile, 'broker-url': url } = settings;
  if (kind === 'embedded') {
    if ((certFile === undefined) !== (keyFile === undefined)) {
      throw new SettingsError('mqtt-cert and mqtt-key belong together: give both or none.');
    }
    const tls = certFile !== undefined && keyFile !== undefined ? { tls: { certFile, keyFile } } : {};
    return { kind, host: settings['mqtt-host'], port: settings['mqtt-port'], ...tls };
  }
  if (url === undefined) throw new SettingsError(`--broker ${kind} needs --broker-url, where this oracle reaches it.`);
  if (kind === 'emqx') {
    const { 'broker-secret': secret } = settings;
    if (secret === undefined) {
      throw new SettingsError('--broker emqx needs SEXTANT_BROKER_SECRET, what EMQX sends as Authorization: Bearer ….');
    }
    return { kind, url, secret };
  }
  const { 'broker-username': username, 'broker-password': password } = settings;
  if (username === undefined || password === undefined) {
    throw new SettingsError(
      '--broker mosquitto needs --broker-username and SEXTANT_BROKER_PASSWORD of its admin account.',
    );
  }
  return { kind, url, username, password };
}

function timingOf(settings: Settings): TimingProfile {
  const timing = deriveTiming({ roundMs: settings.round, epochMs: settings.epoch });
  if (typeof timing === 'object') return timing;
  throw new SettingsError(
    timing === 'round_too_short'
      ? 'A round is too short: a slot takes 2 s at least, so the shortest round is 2 s.'
      : 'An epoch is a whole number of rounds: try --round 60s --epoch 5min.',
  );
}

/** People get lines they can read, machines get JSON. */
function createLogger(settings: Settings): Logger {
  const options = { level: settings['log-level'], base: null };
  const isTerminal = process.stdout.isTTY === true;
  if (settings['json-logs'] ?? !isTerminal) return pino(options);
  return pino(
    options,
    createPrettyStream((text) => void process.stdout.write(text), isTerminal),
  );
}

/** Runs until it is told to stop: by a signal, by its parent, or because it cannot go on. */
export async function runStart(settings: Settings, flags: StartFlags): Promise<void> {
  const logger = createLogger(settings);
  const tell = (message: OracleAnswer): void => void process.send?.(message);
  const ending = createEnding(logger);
  const chain = await chainOptions(settings);
  const oracle = await Oracle.start(oracleOptions(settings), {
    clock: flags['steered-clock'] ? await openSteeredClock() : createSystemClock(),
    random: flags.seed === undefined ? createSystemRandom() : createSeededRandom(flags.seed),
    fileSystem: nodeFileSystem,
    logger,
    registry: new Registry(),
    onStep: (text) => {
      logger.info(text);
      tell({ type: 'oracle/step', text });
    },
    onBroken: (error) => ending.fail(error),
  });
  if (chain) await oracle.settleOn(chain);
  process.on('message', (request: OracleRequest) => void answer(request, { oracle, settings, tell, ending }));
  const { mqttPort, httpPort, validatorId, networkId } = oracle.status();
  tell({ type: 'oracle/ready', mqttPort, httpPort, validatorId, networkId });
  logger.info({ mqttPort, httpPort, validatorId, networkId }, 'the oracle is running');
  if (oracle.lacksAnchors()) {
    logger.warn(
      'no anchor and no survey device is granted, so no place can be proven and pay is held: sextant-oracle grant --help',
    );
  }
  logger.info({ why: await ending.wait() }, 'stopping');
  await oracle.stop();
  if (process.connected) process.disconnect();
}

/** Before the parent has moved it for the first time a steered clock tells no time. */
async function openSteeredClock(): Promise<Clock> {
  const clock = createSteeredClock(process);
  await clock.started;
  return clock;
}

interface Answering {
  readonly oracle: Oracle;
  readonly settings: Settings;
  readonly ending: Ending;
  readonly tell: (message: OracleAnswer) => void;
}

async function answer(request: OracleRequest, { oracle, settings, tell, ending }: Answering): Promise<void> {
  switch (request.type) {
    case 'oracle/invite': {
      const codes = Array.from({ length: request.count }, () => oracle.invite(request.participant));
      tell({ type: 'oracle/invited', id: request.id, codes });
      return;
    }
    case 'oracle/settle':
      await oracle.settle();
      tell({ type: 'oracle/settled', id: request.id });
      return;
    case 'oracle/operate':
      tell({ type: 'oracle/operated', id: request.id, answer: await oracle.operate(request.request) });
      return;
    case 'oracle/use-chain': {
      const { type: _, id, ...chain } = request;
      const problem = await oracle.settleOn({ ...chainPace(settings), ...chain }).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      tell({ type: 'oracle/uses-chain', id, ...(problem === undefined ? {} : { problem }) });
      return;
    }
    case 'oracle/status':
      tell({ type: 'oracle/status', id: request.id, status: oracle.status() });
      return;
    case 'oracle/stop':
      ending.end('asked to stop');
      return;
  }
}

interface Ending {
  /** Why it ends. */
  wait(): Promise<string>;
  end(why: string): void;
  fail(error: Error): void;
}

/** A signal, the loss of a parent, a request and a failure all end the process the same way. */
function createEnding(logger: Logger): Ending {
  let end: (why: string) => void = () => undefined;
  const asked = new Promise<string>((resolve) => {
    end = resolve;
  });
  const told = untilShutdown(process, process.send !== undefined, () => {
    logger.error('stopping took too long: everything receipted is on the disk all the same');
    process.exit(1);
  });
  return {
    wait: () => Promise.race([asked, told]),
    end: (why) => end(why),
    fail(error) {
      logger.error({ err: error }, 'the oracle cannot go on');
      process.exitCode = 1;
      end(error.message);
    },
  };
}
