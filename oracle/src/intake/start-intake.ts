import type { Clock } from '@sextant/firmware-bridge/clock';
import { createNodeVerifier, createSodiumVerifier, type Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  type AdmissionReason,
  createLoginToken,
  formatId,
  LOGIN_TOKEN_MAX_LIFETIME_MS,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { AdmissionWindow } from './admission.ts';
import { AdmissionIndex } from './admission-index.ts';
import { Admitter } from './admitter.ts';
import { type BrokerHttp, createBrokerHttp } from './broker-http.ts';
import { type BrokerSessionAnswer, createBrokerSessions } from './broker-sessions.ts';
import { EmbeddedBroker, type EmbeddedBrokerModules, type EmbeddedBrokerOptions } from './embedded-broker.ts';
import { type BrokerLogin, ExternalBroker } from './external-broker.ts';
import { Intake, type IntakeOptions } from './intake.ts';
import { createIntakeMetrics } from './intake-metrics.ts';
import { createLogin } from './login.ts';
import { MosquittoAccounts } from './mosquitto-accounts.ts';
import type { AnswerChannel, KnownKeys, LogAppender, LogLookup, OracleBus, ReportEntrance } from './ports.ts';
import { RefusalDesk } from './refusal-desk.ts';
import { SignaturePool } from './signature-pool.ts';

export interface StartIntakeOptions extends IntakeOptions {
  readonly networkId: string;
  /** Folder of the admission index, which may be deleted at any time while the oracle is stopped. */
  readonly indexFolder: string;
  readonly window: AdmissionWindow;
  /** Signature worker threads. */
  readonly workers: number;
  readonly broker: BrokerChoice;
}

/** Where participants log in. */
export type BrokerChoice =
  | ({ readonly kind: 'embedded' } & Omit<EmbeddedBrokerOptions, 'networkId'>)
  /** EMQX: asks `handleBrokerAuth` and `handleBrokerAcl`, also about this oracle's own login token. */
  | { readonly kind: 'emqx'; readonly url: string; readonly connectMs: number }
  /** Mosquitto with the dynamic-security plugin: `username` has its `admin` role. */
  | {
      readonly kind: 'mosquitto';
      readonly url: string;
      readonly connectMs: number;
      readonly username: string;
      readonly password: string;
    };

export interface StartIntakeModules {
  /** Takes batches in the order they are admitted, behind the marks that are due. */
  readonly appender: LogAppender;
  readonly ledger: LogLookup;
  readonly knownKeys: KnownKeys;
  readonly validator: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Told of each refused batch, for whoever keeps the book. */
  readonly onRefused?: (reason: AdmissionReason) => void;
  /** Given what answers an external broker's questions before that broker is asked for a connection. */
  readonly onQuestionsAnswered?: (http: BrokerHttp) => void;
  /** Told when the intake cannot go on, so that the process can end. */
  readonly onBroken: (error: Error) => void;
}

export interface RunningIntake extends BrokerHttp {
  readonly bus: OracleBus;
  /** The broker's MQTT port. */
  readonly port: number;
  /** `POST /api/v1/broker/session`, where the broker needs an account before a login: with Mosquitto. */
  readonly handleBrokerSession: ((body: unknown) => Promise<BrokerSessionAnswer>) | undefined;
  /** Stops taking, answers what is on its way, closes. The log is still open then. */
  close(): Promise<void>;
}

/** Either broker, to the rest of the intake. */
interface Broker extends AnswerChannel, OracleBus {
  start(entrance: ReportEntrance): Promise<number>;
  close(): Promise<void>;
}

/** Puts the intake together and opens its broker. Throws an `IntakeError` that says what to do. */
export async function startIntake(options: StartIntakeOptions, modules: StartIntakeModules): Promise<RunningIntake> {
  const { networkId, broker: choice } = options;
  const { ledger, validator, knownKeys, clock, logger, registry } = modules;
  const metrics = createIntakeMetrics(registry);
  const verify = createSodiumVerifier() ?? createNodeVerifier();
  const identity = { networkId, validator: validator.publicKey };
  const judgeLogin = createLogin(identity, { knownKeys, clock, verify });
  const accounts =
    choice.kind === 'mosquitto' ? await MosquittoAccounts.open({ ...choice, networkId }, { clock, logger }) : undefined;
  const broker = createBroker(options, modules, { judgeLogin, metrics }, accounts);
  const index = await AdmissionIndex.open({ folder: options.indexFolder }, { ledger, logger });
  const judges = new SignaturePool({ networkId, workers: options.workers }, modules);
  const desk = new RefusalDesk(networkId, { ...modules, answers: broker, metrics });
  const shared = { knownKeys, desk, clock, logger, metrics };
  const admitter = new Admitter(options.window, { ...modules, ...shared, index, answers: broker });
  const intake = new Intake(options, { ...shared, judges, admitter });
  const close = async (): Promise<void> => {
    await broker.close();
    await accounts?.close();
    await intake.drain();
    await judges.close();
    await index.close();
  };
  try {
    const http = createBrokerHttp(identity, { judgeLogin, verify, clock, metrics });
    modules.onQuestionsAnswered?.(http);
    const port = await broker.start(intake);
    const handleBrokerSession = accounts && createBrokerSessions({ judgeLogin, accounts, metrics });
    return { bus: broker, port, close, handleBrokerSession, ...http };
  } catch (error) {
    await close();
    throw error;
  }
}

function createBroker(
  options: StartIntakeOptions,
  modules: StartIntakeModules,
  own: Pick<EmbeddedBrokerModules, 'judgeLogin' | 'metrics'>,
  accounts: MosquittoAccounts | undefined,
): Broker {
  const { networkId, broker: choice } = options;
  const { validator, clock, logger } = modules;
  if (choice.kind === 'embedded') return new EmbeddedBroker({ ...choice, networkId }, { ...own, clock, logger });
  const credentials = (): BrokerLogin => accounts?.oracleLogin ?? ownLogin(networkId, validator, clock);
  return new ExternalBroker({ ...choice, networkId }, { credentials, logger });
}

/** The oracle logs in like a participant: its id, and a token that it made for itself. */
function ownLogin(networkId: string, validator: Signer, clock: Clock): BrokerLogin {
  const key = validator.publicKey;
  const expiresAtMs = unixMs(clock.now() + LOGIN_TOKEN_MAX_LIFETIME_MS);
  const claims = { validator: key, hotspot: key, expiresAtMs };
  const password = createLoginToken(networkId, claims, (message) => validator.sign(message));
  return { username: formatId('validator', key), password };
}
