import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { slotAt, slotClosesMs, type Timing, type UnixMs } from '@sextant/firmware-bridge/protocol';
import type { LogWriter } from './log-writer.ts';
import type { SignRecord } from './record-signer.ts';

export interface MarkedLogOptions {
  readonly timing: Timing;
  /** The last slot that is already closed in the log; −1 when none is. */
  readonly lastClosedSlot: number;
}

interface MarkedLogModules<Appended> {
  readonly log: LogWriter<Appended>;
  readonly sign: SignRecord;
  readonly clock: Clock;
  /** A mark could not be written; it is tried again before the next entry. */
  onMarkFailed(error: unknown): void;
}

export interface MarkedLog<Appended> extends LogWriter<Appended> {
  /** The last slot closed in the log. */
  lastClosedSlot(): number;
  /** Stops marking by itself; `append` still marks first. */
  stop(): void;
}

/**
 * Puts the marks into the log: SlotClosed(s) stands at slot end + W by this validator's clock, before anything that is
 * admitted later, also after a restart or a stall. A mark closes its slot and every slot before it, so that a long stall
 * costs one mark. An entry that comes while a mark is being written waits for it, and goes in only behind it.
 */
export function createMarkedLog<Appended>(
  options: MarkedLogOptions,
  modules: MarkedLogModules<Appended>,
): MarkedLog<Appended> {
  const { timing } = options;
  const { log, sign, clock } = modules;
  let closed = options.lastClosedSlot;
  let marking: Promise<void> | undefined;
  let cancel: Cancel | undefined;
  let stopped = false;

  const closable = (): number => slotAt(timing, (clock.now() - timing.clockMarginMs) as UnixMs) - 1;

  const mark = (slot: number): Promise<void> => {
    marking = log
      .append(sign({ kind: 'slot_closed', slot }))
      .then(() => {
        closed = slot;
      })
      .finally(() => {
        marking = undefined;
      });
    return marking;
  };

  const markWhatIsDue = async (): Promise<void> => {
    while (marking) await marking.catch(() => undefined);
    const slot = closable();
    if (slot > closed) await mark(slot);
  };

  const schedule = (): void => {
    if (stopped) return;
    const next = Math.max(closed, closable()) + 1;
    cancel = clock.at(slotClosesMs(timing, next), async () => {
      await markWhatIsDue().catch((error: unknown) => modules.onMarkFailed(error));
      schedule();
    });
  };
  schedule();

  return {
    async append(entry) {
      if (marking || closable() > closed) await markWhatIsDue();
      return log.append(entry);
    },
    lastClosedSlot: () => closed,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
