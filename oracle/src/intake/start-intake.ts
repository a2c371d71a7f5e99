import type { Clock } from '@sextant/firmware-bridge/clock';
import { createNodeVerifier, createSodiumVerifier, type Signer } from '@sextant/firmware-bridge/native-ed25519';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { AdmissionWindow } from './admission.ts';
import { AdmissionIndex } from './admission-index.ts';
import { Admitter } from './admitter.ts';
import { EmbeddedBroker, type EmbeddedBrokerOptions } from './embedded-broker.ts';
import { Intake, type IntakeOptions } from './intake.ts';
import { createIntakeMetrics } from './intake-metrics.ts';
import { createLogin } from './login.ts';
import type { KnownKeys, LogAppender, LogLookup, OracleBus } from './ports.ts';
import { RefusalDesk } from './refusal-desk.ts';
import { SignaturePool } from './signature-pool.ts';

export interface StartIntakeOptions extends IntakeOptions {
  readonly networkId: string;
  /** Folder of the admission index, which may be deleted at any time while the oracle is stopped. */
  readonly indexFolder: string;
  readonly window: AdmissionWindow;
  /** Signature worker threads. */
  readonly workers: number;
  readonly broker: Omit<EmbeddedBrokerOptions, 'networkId'>;
}

export interface StartIntakeModules {
  /** Takes batches in the order they are admitted, behind the marks that are due. */
  readonly appender: LogAppender;
  readonly ledger: LogLookup;
  readonly knownKeys: KnownKeys;
  readonly validator: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Told when the intake cannot go on, so that the process can end. */
  readonly onBroken: (error: Error) => void;
}

export interface RunningIntake {
  readonly bus: OracleBus;
  /** The MQTT port. */
  readonly port: number;
  /** Stops taking, answers what is on its way, closes. The log is still open then. */
  close(): Promise<void>;
}

/** Puts the intake together and opens its broker. Throws an `IntakeError` that says what to do. */
export async function startIntake(options: StartIntakeOptions, modules: StartIntakeModules): Promise<RunningIntake> {
  const { networkId } = options;
  const { ledger, validator, knownKeys, clock, logger, registry } = modules;
  const metrics = createIntakeMetrics(registry);
  const verify = createSodiumVerifier() ?? createNodeVerifier();
  const judgeLogin = createLogin({ networkId, validator: validator.publicKey }, { knownKeys, clock, verify });
  const broker = new EmbeddedBroker({ ...options.broker, networkId }, { judgeLogin, clock, logger, metrics });
  const index = await AdmissionIndex.open({ folder: options.indexFolder }, { ledger, logger });
  const judges = new SignaturePool({ networkId, workers: options.workers }, modules);
  const desk = new RefusalDesk(networkId, { validator, answers: broker, clock, logger, metrics });
  const shared = { knownKeys, desk, clock, logger, metrics };
  const admitter = new Admitter(options.window, { ...modules, ...shared, index, answers: broker });
  const intake = new Intake(options, { ...shared, judges, admitter });
  const close = async (): Promise<void> => {
    await broker.close();
    await intake.drain();
    await judges.close();
    await index.close();
  };
  try {
    const port = await broker.start(intake);
    return { bus: broker, port, close };
  } catch (error) {
    await close();
    throw error;
  }
}
