/** The intake under load: its own process, forked by the bench, with a real ledger on the disk. */
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import {
  DEFAULT_ADMISSION_RATE,
  DEFAULT_CONNECTION_LIMITS,
  DEFAULT_GUARD_TIMEOUTS,
  DEFAULT_QUEUE_LIMITS,
  startIntake,
} from '@sextant/oracle/intake';
import { nodeFileSystem, openLedger } from '@sextant/oracle/ledger';
import { pino } from 'pino';
import { Registry } from 'prom-client';

import { benchValidator, NETWORK_ID } from './corpus.ts';

export interface ServerOrder {
  readonly folder: string;
  readonly origin: string;
  readonly keys: readonly string[];
  readonly workers: number;
}

async function serve(order: ServerOrder): Promise<void> {
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const validator = benchValidator();
  const known = new Set(order.keys);
  const ledger = await openLedger(
    { directory: join(order.folder, 'log'), origin: order.origin },
    { fileSystem: nodeFileSystem, signer: { ...validator, name: order.origin }, clock: createSystemClock(), logger },
  );
  const intake = await startIntake(
    {
      networkId: NETWORK_ID,
      indexFolder: join(order.folder, 'index'),
      window: { epochMs: 86_400_000, lateEpochs: 3 },
      workers: order.workers,
      rate: DEFAULT_ADMISSION_RATE,
      queue: DEFAULT_QUEUE_LIMITS,
      broker: {
        kind: 'embedded',
        host: '127.0.0.1',
        port: 0,
        connections: DEFAULT_CONNECTION_LIMITS,
        timeouts: DEFAULT_GUARD_TIMEOUTS,
      },
    },
    {
      appender: ledger,
      ledger,
      knownKeys: { find: (key) => (known.has(Buffer.from(key).toString('hex')) ? { kind: 'hotspot' } : undefined) },
      validator,
      clock: createSystemClock(),
      logger,
      registry: new Registry(),
      onBroken: (error) => {
        throw error;
      },
    },
  );
  let cpu = process.cpuUsage();
  process.on('message', (message) => {
    if (message === 'mark') cpu = process.cpuUsage();
    if (message === 'measure') {
      const used = process.cpuUsage(cpu);
      process.send?.({ cpuSeconds: (used.user + used.system) / 1e6, logSize: ledger.size });
    }
    if (message === 'stop') {
      void intake.close().then(async () => {
        await ledger.close();
        process.disconnect();
      });
    }
  });
  process.send?.({ port: intake.port });
}

process.once('message', (order: ServerOrder) => {
  serve(order).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
