import type { Clock } from '@sextant/firmware-bridge/clock';
import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  ADMISSION_REASONS,
  type AdmissionReason,
  encodeReceiptMessage,
  refusalMessage,
} from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { BatchName } from './batch-name.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import type { AnswerChannel } from './ports.ts';

/** A line a reason in this time; what was not written is counted in the next one. */
const LOG_EVERY_MS = 10_000;

/** Which batch of whom a refusal is about. */
export interface RefusedBatch {
  readonly hotspot: Uint8Array;
  readonly name: BatchName;
  readonly payloadHash: Uint8Array;
}

export interface RefusalDeskModules {
  readonly validator: Signer;
  readonly answers: AnswerChannel;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: IntakeMetrics;
  readonly onRefused?: (reason: AdmissionReason) => void;
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
    this.#counters = new Map(
      (Object.keys(ADMISSION_REASONS) as AdmissionReason[]).map((reason) => [
        reason,
        modules.metrics.refusals.labels(reason),
      ]),
    );
  }

  /** `retryAfterMs` 0 = for good. */
  refuse(participantId: string, batch: RefusedBatch, reason: AdmissionReason, retryAfterMs = 0): void {
    this.#counters.get(reason)?.inc();
    this.#modules.onRefused?.(reason);
    this.#log(participantId, batch, reason, retryAfterMs);
    this.#modules.answers.send(participantId, this.#encode(batch, reason, retryAfterMs));
  }

  #encode(batch: RefusedBatch, reason: AdmissionReason, retryAfterMs: number): Uint8Array {
    const { validator } = this.#modules;
    const refusal = { ...batch.name, payloadHash: batch.payloadHash, reason };
    const signature = validator.sign(refusalMessage(this.#networkId, batch.hotspot, refusal));
    return encodeReceiptMessage({
      kind: 'refusal',
      ...refusal,
      validator: validator.publicKey,
      signature,
      retryAfterMs,
    });
  }

  #log(participantId: string, batch: RefusedBatch, reason: AdmissionReason, retryAfterMs: number): void {
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
