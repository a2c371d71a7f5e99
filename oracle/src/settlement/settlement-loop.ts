import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import type { UnixMs } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import { NoAgreementError } from './chain-endpoints.ts';
import type { Settlement } from './settlement.ts';
import type { SettlementMetrics } from './settlement-metrics.ts';
import type { SettlementState, SettlementStatus } from './settlement-state.ts';

export interface SettlementLoopOptions {
  /** Between two looks at the chain, milliseconds. */
  readonly pollMs: number;
}

export interface SettlementLoopModules {
  readonly settlement: Settlement;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SettlementMetrics;
}

/** Looks less often while the chain cannot be asked. */
const MAX_BACKOFF = 16;

const SAID: Readonly<
  Record<SettlementState, { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }>
> = {
  up_to_date: { level: 'info', text: 'every closed epoch is settled' },
  waiting_for_transaction: { level: 'debug', text: 'a transaction is on its way' },
  veto_window: { level: 'info', text: 'an epoch is posted and can be vetoed for a while' },
  vetoed: {
    level: 'error',
    text: 'the guardian vetoed an epoch: find out why, then start once with --chain-repost-vetoed yes',
  },
  disputed: {
    level: 'error',
    text: 'another epoch is posted than this oracle computed, and is not activated by it: tell the guardian',
  },
  diverged: {
    level: 'error',
    text: 'the chain holds other totals than this oracle computed: check the archive with sextant-oracle rebuild',
  },
  other_schedule: {
    level: 'error',
    text: 'the contracts were deployed for other epochs or another emission than this network has: look at the deployment file, or deploy again',
  },
  paused: { level: 'warn', text: 'the contracts are paused; claims go on' },
  not_in_set: { level: 'error', text: 'our account is not in the validator set: the governor has to add it' },
  no_quorum: { level: 'warn', text: 'too few votes for an epoch' },
  refused: { level: 'warn', text: 'the contract refuses; usually another was faster' },
  no_chain: { level: 'warn', text: 'the chain cannot be asked now' },
};

/** Turns the crank of settlement, and says what changes. */
export class SettlementLoop {
  readonly #options: SettlementLoopOptions;
  readonly #modules: SettlementLoopModules;
  #cancel: Cancel | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #isNudged = false;
  #failures = 0;
  #lastFailure: string | undefined;
  #last: SettlementStatus = { state: 'no_chain', epoch: 0 };

  constructor(options: SettlementLoopOptions, modules: SettlementLoopModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Where it stood at the last look. */
  get status(): SettlementStatus {
    return this.#last;
  }

  /** Looks now, or again as soon as the look that is going on is over. */
  nudge(): void {
    if (this.#isStopped) return;
    this.#isNudged = true;
    if (this.#running) return;
    this.#cancel?.();
    this.#running = this.#turn();
  }

  /** Resolves when the step that runs is over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#running;
  }

  async #turn(): Promise<void> {
    this.#isNudged = false;
    const dueInMs = await this.#step();
    this.#running = undefined;
    if (this.#isStopped) return;
    if (this.#isNudged) {
      this.nudge();
      return;
    }
    const { clock } = this.#modules;
    this.#cancel = clock.at((clock.now() + dueInMs) as UnixMs, () => this.nudge());
  }

  /** Milliseconds until the next look. */
  async #step(): Promise<number> {
    const { settlement, clock } = this.#modules;
    const { pollMs } = this.#options;
    try {
      const status = await settlement.step();
      this.#failures = 0;
      this.#lastFailure = undefined;
      this.#note(status);
      return Math.max(0, Math.min(pollMs, (status.dueAtMs ?? Number.POSITIVE_INFINITY) - clock.now()));
    } catch (error) {
      if (!this.#isStopped) this.#noteFailure(error);
      return pollMs * Math.min(MAX_BACKOFF, 2 ** Math.min(this.#failures++, 10));
    }
  }

  #note(status: SettlementStatus): void {
    const { state, epoch, facts = {} } = status;
    const isNews = state !== this.#last.state || epoch !== this.#last.epoch;
    this.#last = status;
    this.#modules.metrics.status(status);
    if (!isNews) return;
    const { level, text } = SAID[state];
    const shown = Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? String(value) : value,
    ]);
    this.#modules.logger[level]({ epoch, ...Object.fromEntries(shown) }, text);
  }

  /** The same failure is said once. */
  #noteFailure(error: unknown): void {
    const { logger, metrics } = this.#modules;
    this.#last = { state: 'no_chain', epoch: this.#last.epoch };
    metrics.status(this.#last);
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    if (message === this.#lastFailure) return;
    this.#lastFailure = message;
    if (error instanceof NoAgreementError) logger.warn({ why: message }, SAID.no_chain.text);
    else logger.error({ err: error }, 'settlement failed; it is tried again');
  }
}
