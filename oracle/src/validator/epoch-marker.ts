import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { epochCutMs, type Timing } from '@sextant/firmware-bridge/protocol';
import type { LogWriter } from './log-writer.ts';
import type { SignRecord } from './record-signer.ts';

export interface EpochMarkerOptions {
  readonly timing: Timing;
  /** The newest epoch that has its mark in the log; −1 when none has. */
  readonly lastMarkedEpoch: number;
}

interface EpochMarkerModules {
  readonly log: LogWriter<unknown>;
  readonly sign: SignRecord;
  readonly clock: Clock;
  /** The log was closed before the mark was stored. */
  onMarkLost(epoch: number, error: unknown): void;
}

/** Cuts the epochs: a mark in the log at epoch end + grace, also for every epoch that passed while the oracle was down. */
export interface EpochMarker {
  start(): Promise<void>;
  stop(): void;
}

export function createEpochMarker(options: EpochMarkerOptions, modules: EpochMarkerModules): EpochMarker {
  const { timing } = options;
  const { log, sign, clock } = modules;
  let marked = options.lastMarkedEpoch;
  let cancel: Cancel | undefined;
  let stopped = false;

  const markWhatIsDue = async (): Promise<void> => {
    const written: Promise<unknown>[] = [];
    while (epochCutMs(timing, marked + 1) <= clock.now()) {
      const epoch = ++marked;
      const storing = log.appendRecord(sign({ kind: 'epoch_mark', epoch, attempt: 0 }));
      written.push(storing.catch((error: unknown) => modules.onMarkLost(epoch, error)));
    }
    await Promise.all(written);
  };
  const schedule = (): void => {
    if (stopped) return;
    cancel = clock.at(epochCutMs(timing, marked + 1), async () => {
      const marking = markWhatIsDue();
      schedule();
      await marking;
    });
  };

  return {
    async start() {
      await markWhatIsDue();
      schedule();
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
