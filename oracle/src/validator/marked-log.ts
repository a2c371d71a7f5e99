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
  /** The log was closed before a mark was stored. */
  onMarkLost(error: unknown): void;
}

export interface MarkedLog<Appended> extends LogWriter<Appended> {
  /** The last slot closed in the log. */
  lastClosedSlot(): number;
  /** Resolves when every mark that is due is in the log. */
  settle(): Promise<void>;
  /** Stops marking by itself; `append` still marks first. */
  stop(): void;
}

/**
 * Puts the marks into the log: SlotClosed(s) stands at slot end + W by this validator's clock, before anything that is
 * admitted later, also after a restart or a stall. A mark closes its slot and every slot before it, so that a long stall
 * costs one mark.
 */
export function createMarkedLog<Appended>(
  options: MarkedLogOptions,
  modules: MarkedLogModules<Appended>,
): MarkedLog<Appended> {
  const { timing } = options;
  const { log, sign, clock } = modules;
  let closed = options.lastClosedSlot;
  let pending: Promise<unknown> = Promise.resolve();
  let cancel: Cancel | undefined;
  let stopped = false;

  const closable = (): number => slotAt(timing, (clock.now() - timing.clockMarginMs) as UnixMs) - 1;

  const markWhatIsDue = (): void => {
    const slot = closable();
    if (slot <= closed) return;
    closed = slot;
    pending = log.appendRecord(sign({ kind: 'slot_closed', slot })).catch((error: unknown) => {
      modules.onMarkLost(error);
    });
  };

  const schedule = (): void => {
    if (stopped) return;
    cancel = clock.at(slotClosesMs(timing, closed + 1), async () => {
      markWhatIsDue();
      schedule();
      await pending;
    });
  };
  markWhatIsDue();
  schedule();

  return {
    append(entry) {
      markWhatIsDue();
      return log.append(entry);
    },
    appendRecord(entry) {
      markWhatIsDue();
      return log.appendRecord(entry);
    },
    lastClosedSlot: () => closed,
    async settle() {
      markWhatIsDue();
      await pending;
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
