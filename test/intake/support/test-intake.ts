import { join } from 'node:path';
import type { Clock } from '@sextant/firmware-bridge/clock';
import {
  type BrokerChoice,
  DEFAULT_ADMISSION_RATE,
  DEFAULT_CONNECTION_LIMITS,
  DEFAULT_GUARD_TIMEOUTS,
  DEFAULT_QUEUE_LIMITS,
  type KnownKeys,
  type RunningIntake,
  type StartIntakeOptions,
  startIntake,
} from '@sextant/oracle/intake';
import { type FileSystem, type Ledger, nodeFileSystem, openLedger } from '@sextant/oracle/ledger';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { NETWORK_ID, ORIGIN, validator } from './participants.ts';

export const silent = pino({ level: 'silent' });

export const embedded: BrokerChoice & { kind: 'embedded' } = {
  kind: 'embedded',
  host: '127.0.0.1',
  port: 0,
  connections: DEFAULT_CONNECTION_LIMITS,
  timeouts: DEFAULT_GUARD_TIMEOUTS,
};

/** Demo network: late batches count for 600 epochs of five minutes. */
export const EPOCH_MS = 300_000;
export const LATE_EPOCHS = 600;

export interface TestIntakeSetup {
  /** Empty or left by an earlier intake. */
  readonly folder: string;
  readonly clock: Clock;
  readonly knownKeys: KnownKeys;
  readonly broker?: BrokerChoice;
  readonly fileSystem?: FileSystem;
  readonly options?: Partial<StartIntakeOptions>;
}

export interface TestIntake extends RunningIntake {
  readonly ledger: Ledger;
  readonly registry: Registry;
  /** Value of a counter with these labels. */
  count(name: string, labels?: Record<string, string>): Promise<number>;
}

/** A real ledger, real workers and a real broker, as the oracle puts them together. */
export async function startTestIntake(setup: TestIntakeSetup): Promise<TestIntake> {
  const { folder, clock, knownKeys, broker = embedded, fileSystem = nodeFileSystem } = setup;
  const registry = new Registry();
  const ledger = await openLedger(
    { directory: join(folder, 'log'), origin: ORIGIN },
    { fileSystem, signer: { ...validator, name: ORIGIN }, clock, logger: silent },
  );
  const options: StartIntakeOptions = {
    networkId: NETWORK_ID,
    indexFolder: join(folder, 'index'),
    window: { epochMs: EPOCH_MS, lateEpochs: LATE_EPOCHS },
    workers: 1,
    rate: DEFAULT_ADMISSION_RATE,
    queue: DEFAULT_QUEUE_LIMITS,
    broker,
    ...setup.options,
  };
  const onBroken = (error: Error): void => {
    throw error;
  };
  const modules = { appender: ledger, ledger, knownKeys, validator, clock, logger: silent, registry, onBroken };
  const running = await startIntake(options, modules).catch(async (error: unknown) => {
    await ledger.close();
    throw error;
  });
  return {
    ...running,
    ledger,
    registry,
    async count(name, labels = {}) {
      const metric = await registry.getSingleMetric(name)?.get();
      const matching = metric?.values.filter((value) => {
        return Object.entries(labels).every(([label, wanted]) => value.labels[label] === wanted);
      });
      return (matching ?? []).reduce((sum, { value }) => sum + value, 0);
    },
    async close() {
      await running.close();
      await ledger.close();
    },
  };
}
