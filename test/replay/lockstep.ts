import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ManualClock } from '@sextant/firmware-bridge/clock';
import {
  roundAt,
  roundStartMs,
  slotAt,
  slotClosesMs,
  type Timing,
  type UnixMs,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import type { Child } from '../network/child-process.ts';
import type { BridgeIdle, BridgeStatusAnswer, ClockAdvanced } from '../network/process-messages.ts';

export interface LockstepOptions {
  /** Everybody's time moves by this much at once; nothing that happens within it may depend on its order. */
  readonly stepMs: number;
  /** Reports are brought to the log at least this often. */
  readonly deliverEveryMs: number;
}

export interface LockstepModules {
  /** Of this process: packet forwarders and GNSS receivers live by it. */
  readonly clock: ManualClock;
  /** Every child that lives by a steered clock. */
  readonly children: readonly Child[];
  readonly bridges: readonly Child[];
  /** PUSH_DATA on their way. */
  unacknowledgedPushes(): number;
}

/** Real milliseconds a datagram on loopback may take before it counts as lost. */
const LOST_AFTER_MS = 10_000;

/**
 * One time for all processes. In each step this process goes first, so that whatever its antennas hear is told to the
 * bridges; when they have it, everybody follows. Nobody sleeps: a step takes as long as the work in it.
 */
export class Lockstep {
  readonly #options: LockstepOptions;
  readonly #modules: LockstepModules;
  #deliveredAtMs: UnixMs;
  #timing: Timing | undefined;

  constructor(options: LockstepOptions, modules: LockstepModules) {
    this.#options = options;
    this.#modules = modules;
    this.#deliveredAtMs = modules.clock.now();
  }

  get nowMs(): UnixMs {
    return this.#modules.clock.now();
  }

  /**
   * Once the time grid is known, no step goes beyond the start of a round before every bridge has its certificate, nor beyond the
   * mark of a slot before all that was heard until then is in the log: a verdict names the last mark before a report, so how
   * often reports are carried would show in it.
   */
  keepTo(timing: Timing): void {
    this.#timing = timing;
  }

  async advanceTo(toMs: UnixMs, stepMs = this.#options.stepMs): Promise<void> {
    while (this.nowMs < toMs) {
      const { roundEndMs, markMs } = this.#timing ? nextStops(this.#timing, this.nowMs) : NEVER;
      const stopMs = unixMs(Math.min(this.nowMs + stepMs, toMs, roundEndMs, markMs));
      await this.#step(stopMs, stopMs === markMs);
      if (this.nowMs === roundEndMs) await this.#untilCertified();
    }
  }

  /** Lets the processes run on, each on its own, when nothing that one of them does matters to another any more. */
  async coastTo(toMs: UnixMs, stepMs: number): Promise<void> {
    while (this.nowMs < toMs) await this.#follow(unixMs(Math.min(this.nowMs + stepMs, toMs)));
  }

  /** Everything that was heard or sent is in the log. */
  async deliver(): Promise<void> {
    await Promise.all(
      this.#modules.bridges.map((bridge) => bridge.request<BridgeIdle>({ type: 'bridge/idle' }, 'bridge/idle')),
    );
    this.#deliveredAtMs = this.nowMs;
  }

  async #step(toMs: UnixMs, isMark: boolean): Promise<void> {
    await this.#modules.clock.advanceTo(toMs);
    await this.#untilAcknowledged();
    if (isMark || toMs - this.#deliveredAtMs >= this.#options.deliverEveryMs) await this.deliver();
    await this.#follow(toMs);
  }

  async #follow(toMs: UnixMs): Promise<void> {
    const { clock, children } = this.#modules;
    await clock.advanceTo(toMs);
    await Promise.all(children.map((child) => advance(child, toMs)));
  }

  async #untilAcknowledged(): Promise<void> {
    const deadlineMs = performance.now() + LOST_AFTER_MS;
    while (this.#modules.unacknowledgedPushes() > 0) {
      if (performance.now() > deadlineMs)
        throw new Error('a bridge did not acknowledge a datagram: this machine loses them');
      await nextTurn();
    }
  }

  async #untilCertified(): Promise<void> {
    await Promise.all(
      this.#modules.bridges.map(async (bridge) => {
        const deadlineMs = performance.now() + LOST_AFTER_MS;
        for (;;) {
          const { status } = await bridge.request<BridgeStatusAnswer>({ type: 'bridge/status' }, 'bridge/status');
          if (status.round.isCertified) return;
          if (performance.now() > deadlineMs)
            throw new Error(`${bridge.name} has no certificate of round ${status.round.running}`);
        }
      }),
    );
    await this.deliver();
  }
}

interface Stops {
  /** The next start of a round. */
  readonly roundEndMs: number;
  /** The next moment at which a validator marks a slot as closed. */
  readonly markMs: number;
}

const NEVER: Stops = { roundEndMs: Number.POSITIVE_INFINITY, markMs: Number.POSITIVE_INFINITY };

function nextStops(timing: Timing, nowMs: UnixMs): Stops {
  return {
    roundEndMs: roundStartMs(timing, roundAt(timing, nowMs) + 1),
    markMs: slotClosesMs(timing, slotAt(timing, unixMs(nowMs - timing.clockMarginMs))),
  };
}

/** Moves the clock of one child; resolves when everything due until then has run there. */
export async function advance(child: Child, toMs: UnixMs): Promise<void> {
  const advanced = child.next<ClockAdvanced>('clock/advanced', ({ to }) => to === toMs);
  child.send({ type: 'clock/advance', to: toMs } as { type: string });
  await advanced;
}
