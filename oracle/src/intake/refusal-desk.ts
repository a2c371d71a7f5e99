import type { Clock } from '@sextant/firmware-bridge/clock';
import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import type { Logger } from 'pino';
import { ADMISSION_REASONS, type AdmissionReason } from './admission-reason.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import type { AnswerChannel } from './ports.ts';
import { type AnsweredBatch, encodeRefusal } from './receipt-message.ts';

/** A line a reason in this time; what was not written is counted in the next one. */
const LOG_EVERY_MS = 10_000;

export interface RefusalDeskModules {
  readonly validator: Signer;
  readonly answers: AnswerChannel;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: IntakeMetrics;
}

interface LogState {
  lastMs: number;
  unwritten: number;
}

/** The one place where a batch is refused: it counts, logs, signs and answers. */
export class RefusalDesk {
  readonly #networkId: string;
  readonly #modules: RefusalDeskModules;
  readonly #logStates = new Map<AdmissionReason, LogState>();
  readonly #counters: ReadonlyMap<AdmissionReason, { inc(): void }>;

  constructor(networkId: string, modules: RefusalDeskModules) {
    this.#networkId = networkId;
    this.#modules = modules;
    this.#counters = new Map(ADMISSION_REASONS.map((reason) => [reason, modules.metrics.refusals.labels(reason)]));
  }

  /** `retryAfterMs` 0 = for good. */
  refuse(participantId: string, batch: AnsweredBatch, reason: AdmissionReason, retryAfterMs = 0): void {
    const { validator, answers } = this.#modules;
    this.#counters.get(reason)?.inc();
    this.#log(participantId, batch, reason, retryAfterMs);
    answers.send(participantId, encodeRefusal(this.#networkId, batch, { reason, retryAfterMs }, validator));
  }

  #log(participantId: string, batch: AnsweredBatch, reason: AdmissionReason, retryAfterMs: number): void {
    const nowMs = this.#modules.clock.now();
    const state = this.#logStates.get(reason) ?? { lastMs: Number.NEGATIVE_INFINITY, unwritten: 0 };
    this.#logStates.set(reason, state);
    if (nowMs < state.lastMs + LOG_EVERY_MS) {
      state.unwritten += 1;
      return;
    }
    const { incarnation, sequence } = batch.name;
    this.#modules.logger.warn(
      { reason, participantId, incarnation: String(incarnation), sequence, retryAfterMs, notLogged: state.unwritten },
      'batch refused',
    );
    state.lastMs = nowMs;
    state.unwritten = 0;
  }
}
