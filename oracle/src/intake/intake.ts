import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { type AdmissionReason, ENVELOPE_MAX_BYTES, parseId } from '@sextant/firmware-bridge/protocol';
import type { Admitter, Message } from './admitter.ts';
import { findPayload, readBatchName } from './batch-name.ts';
import { FairQueue, type FairQueueLimits } from './fair-queue.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import type { Judgement } from './judge-envelope.ts';
import { type Participant, Participants } from './participant.ts';
import type { KnownKeys, Outcome, ReportEntrance } from './ports.ts';
import type { RefusalDesk } from './refusal-desk.ts';
import type { BucketRate } from './token-bucket.ts';

/** Rule set 1's local admission rate: 120 batches a minute, burst 240. */
export const DEFAULT_ADMISSION_RATE: BucketRate = { perMinute: 120, burst: 240 };
/** A participant's burst fits; all queues together stay below 64 MiB. */
export const DEFAULT_QUEUE_LIMITS: FairQueueLimits = { perSender: 256, totalBytes: 64 * 1024 * 1024 };

/** Messages and bytes that go to a signature worker at a time. */
const JOB_MESSAGES = 32;
const JOB_BYTES = 512 * 1024;
/** When trying again may help after the queues were full. */
const QUEUE_FULL_RETRY_MS = 1_000;
const DRAIN_POLL_MS = 5;

export interface IntakeOptions {
  readonly rate: BucketRate;
  readonly queue: FairQueueLimits;
}

/** Who judges signatures and schemas. */
export interface Judges {
  readonly hasRoom: boolean;
  run(messages: readonly Uint8Array[], done: (judgements: Judgement[]) => void): void;
}

export interface IntakeModules {
  readonly judges: Judges;
  readonly admitter: Admitter;
  readonly desk: RefusalDesk;
  readonly knownKeys: KnownKeys;
  readonly clock: Clock;
  readonly metrics: IntakeMetrics;
}

/**
 * The front door: takes what the broker received, keeps every participant to its rate, and feeds the signature workers
 * from everybody's queue in turn. Every message gets an answer, and its `done` is called after that.
 */
export class Intake implements ReportEntrance {
  readonly #modules: IntakeModules;
  readonly #participants: Participants;
  readonly #queue: FairQueue<Participant, Message>;
  #dispatching = false;
  #unanswered = 0;

  constructor(options: IntakeOptions, modules: IntakeModules) {
    this.#modules = modules;
    this.#participants = new Participants(options.rate, modules.knownKeys);
    this.#queue = new FairQueue(options.queue);
  }

  /** Resolves when everything that was taken is answered. */
  async drain(): Promise<void> {
    while (this.#unanswered > 0) await delay(DRAIN_POLL_MS);
  }

  /** Judges what arrived on the report topic of `participantId`. `done` is called once it is fsynced or refused. */
  submit(participantId: string, bytes: Uint8Array, done: (outcome: Outcome) => void): void {
    const nowMs = this.#modules.clock.now();
    const participant = this.#participants.find(participantId, nowMs);
    if (!participant) {
      this.#refuseStranger(participantId, bytes);
      done('unknown_key');
      return;
    }
    const fault = this.#findFaultBeforeReading(participant, bytes, nowMs, done);
    if (fault) {
      this.#refuseUnread(participant, bytes, fault.reason, fault.retryAfterMs);
      done(fault.reason);
      return;
    }
    if (this.#dispatching) return;
    this.#dispatching = true;
    setImmediate(this.#dispatchNow);
  }

  #findFaultBeforeReading(
    participant: Participant,
    bytes: Uint8Array,
    nowMs: number,
    done: (outcome: Outcome) => void,
  ) {
    if (!participant.bucket.take(nowMs)) {
      return { reason: 'rate_exceeded', retryAfterMs: participant.bucket.waitMs(nowMs) } as const;
    }
    if (bytes.length > ENVELOPE_MAX_BYTES) return { reason: 'too_large', retryAfterMs: 0 } as const;
    const answered = (outcome: Outcome): void => {
      this.#unanswered -= 1;
      done(outcome);
    };
    if (!this.#queue.push(participant, { participant, bytes, done: answered, arrivedAt: performance.now() })) {
      return { reason: 'rate_exceeded', retryAfterMs: QUEUE_FULL_RETRY_MS } as const;
    }
    this.#unanswered += 1;
    return undefined;
  }

  readonly #dispatchNow = (): void => {
    this.#dispatching = false;
    this.#dispatch();
  };

  #dispatch(): void {
    const { judges, admitter, metrics } = this.#modules;
    while (this.#queue.size > 0 && judges.hasRoom) {
      const messages = this.#queue.take(JOB_MESSAGES, JOB_BYTES);
      judges.run(
        messages.map((message) => message.bytes),
        (judgements) => {
          this.#dispatch();
          admitter.admit(messages, judgements);
        },
      );
    }
    metrics.queued.set(this.#queue.size);
  }

  #refuseUnread(participant: Participant, bytes: Uint8Array, reason: AdmissionReason, retryAfterMs: number): void {
    const { publicKey: hotspot, id } = participant;
    this.#modules.desk.refuse(id, { hotspot, ...identify(bytes) }, reason, retryAfterMs);
  }

  #refuseStranger(participantId: string, bytes: Uint8Array): void {
    const hotspot = parseId(participantId)?.publicKey;
    if (hotspot) this.#modules.desk.refuse(participantId, { hotspot, ...identify(bytes) }, 'unknown_key');
  }
}

/** What an answer about a message that nobody has judged can call it. */
function identify(bytes: Uint8Array) {
  return { name: readBatchName(bytes), payloadHash: hash('sha256', findPayload(bytes) ?? bytes, 'buffer') };
}
