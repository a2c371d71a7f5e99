import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import type { UnixMs } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { messageOf } from '../store-error.ts';
import { DAY_MS, dropOldDays, ensurePartitions } from './day-partitions.ts';

export interface MaintenanceOptions {
  /** Days that reports, verdicts and links stay; at least 31, because late and hostile times are bounded to a month. */
  readonly reportDays: number;
  /** Days that the coverage of closed epochs stays. */
  readonly coverageDays: number;
}

export const MAINTENANCE_DEFAULTS: MaintenanceOptions = { reportDays: 90, coverageDays: 730 };

export interface MaintenanceModules {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Maintenance {
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** The one job that ages the tables: makes partitions ahead, drops old days and old coverage; at once and then every hour. */
export function startMaintenance(options: MaintenanceOptions, modules: MaintenanceModules): Maintenance {
  const { clock, logger } = modules;
  if (options.reportDays < 31) throw new RangeError('reports must stay at least 31 days');
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      await maintain(options, modules.database, clock.now(), logger);
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'database maintenance failed; it is tried again in an hour');
    }
    if (!stopped) cancel = clock.at((clock.now() + HOUR_MS) as UnixMs, start);
  };
  const start = (): Promise<void> => {
    running = run();
    return running;
  };
  let cancel: Cancel | undefined = clock.at(clock.now(), start);
  return {
    stop: async () => {
      stopped = true;
      cancel?.();
      await running;
    },
  };
}

/** One run of the job, as of `nowMs`. */
export async function maintain(
  options: MaintenanceOptions,
  { db }: Database,
  nowMs: number,
  logger: Logger,
): Promise<void> {
  const made = await ensurePartitions(db, nowMs);
  const dropped = await dropOldDays(db, nowMs - options.reportDays * DAY_MS);
  const horizon = BigInt(nowMs - options.coverageDays * DAY_MS);
  const newestOld = await db
    .selectFrom('epochs')
    .select(({ fn }) => fn.max('epoch').as('epoch'))
    .where('end_ms', '<', horizon)
    .executeTakeFirst();
  const last = newestOld?.epoch ?? undefined;
  if (last !== undefined) {
    await db.deleteFrom('coverage_witnesses').where('epoch', '<=', last).execute();
    await db.deleteFrom('coverage').where('epoch', '<=', last).execute();
  }
  if (made > 0 || dropped.length > 0) logger.info({ made, dropped: dropped.length }, 'database days made and dropped');
}
