import type { Clock } from '@sextant/firmware-bridge/clock';
import type { AdmissionReason } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import { type AdmissionWindow, findSenderFault, findTimeFault } from './admission.ts';
import type { AdmissionIndex } from './admission-index.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import type { Judgement } from './judge-envelope.ts';
import type { Participant } from './participant.ts';
import type { AnswerChannel, KnownKeys, LogAppender, LogLookup, LogProof, Outcome } from './ports.ts';
import { writeReceipt } from './receipt-writer.ts';
import type { RefusalDesk, RefusedBatch } from './refusal-desk.ts';

/** One message on its way: `done` is called exactly once, after its answer. */
export interface Message {
  readonly participant: Participant;
  readonly bytes: Uint8Array;
  readonly done: (outcome: Outcome) => void;
  /** By `performance.now()`. */
  readonly arrivedAt: number;
}

/** A message that passed every check of its bytes. */
interface Candidate {
  readonly message: Message;
  readonly judgement: Judgement;
}

/** All candidates with one payload: the first is logged, the others get its receipt. */
interface Claim {
  readonly key: string;
  readonly first: Candidate;
  readonly repeats: Candidate[];
}

/** A refused signature costs the slow path of ZIP-215, about twenty fast ones. */
const BAD_SIGNATURE_TOKENS = 20;
const BAD_SCHEMA_TOKENS = 4;
/** When trying again may help while the disk takes nothing. */
const STORAGE_RETRY_MS = 5_000;

export interface AdmitterModules {
  readonly appender: LogAppender;
  readonly ledger: LogLookup;
  readonly index: AdmissionIndex;
  readonly knownKeys: KnownKeys;
  readonly desk: RefusalDesk;
  readonly answers: AnswerChannel;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: IntakeMetrics;
}

/** From judged messages to log entries and receipts: a batch stands in the log once, whoever repeats it how often. */
export class Admitter {
  readonly #window: AdmissionWindow;
  readonly #modules: AdmitterModules;
  /** Batches between their judgement and their answer, by payload hash. */
  readonly #claims = new Map<string, Claim>();
  readonly #isKnown: (publicKey: Uint8Array) => boolean;

  constructor(window: AdmissionWindow, modules: AdmitterModules) {
    this.#window = window;
    this.#modules = modules;
    this.#isKnown = (publicKey) => modules.knownKeys.find(publicKey) !== undefined;
  }

  /** Decides about judged messages, `judgements` in the same order. */
  admit(messages: readonly Message[], judgements: readonly Judgement[]): void {
    const claims: Claim[] = [];
    messages.forEach((message, i) => {
      const judgement = judgements[i];
      if (!judgement) throw new Error(`${messages.length} messages got ${judgements.length} judgements`);
      const fault = findSenderFault(judgement, this.#isKnown, message.participant.publicKey);
      if (fault) this.#refuseFaulty({ message, judgement }, fault);
      else this.#claim({ message, judgement }, claims);
    });
    if (claims.length > 0) void this.#settle(claims);
  }

  #claim(candidate: Candidate, fresh: Claim[]): void {
    const key = Buffer.from(candidate.judgement.payloadHash).toString('latin1');
    const pending = this.#claims.get(key);
    if (pending) {
      pending.repeats.push(candidate);
      return;
    }
    const claim = { key, first: candidate, repeats: [] };
    this.#claims.set(key, claim);
    fresh.push(claim);
  }

  async #settle(claims: readonly Claim[]): Promise<void> {
    const { index } = this.#modules;
    try {
      const known = await index.find(claims.map((claim) => claim.first.judgement));
      const nowMs = this.#modules.clock.now();
      claims.forEach((claim, i) => {
        const leafIndex = known[i];
        if (leafIndex !== undefined) void this.#answerAgain(claim, leafIndex);
        else this.#append(claim, nowMs);
      });
    } catch (error) {
      for (const claim of claims) this.#refuseForStorage(claim, error);
    }
  }

  #append(claim: Claim, nowMs: number): void {
    const { appender, index } = this.#modules;
    const fault = findTimeFault(claim.first.judgement.createdAtMs, nowMs, this.#window);
    if (fault) {
      this.#refuseClaim(claim, fault, 0);
      return;
    }
    if (index.isUnavailable) {
      this.#refuseForStorage(claim, new Error('the admission index is unavailable'));
      return;
    }
    appender.append(claim.first.message.bytes).then(
      (logged) => this.#receipt(claim, logged),
      (error: unknown) => this.#refuseForStorage(claim, error),
    );
  }

  #receipt(claim: Claim, logged: LogProof): void {
    const { index, metrics } = this.#modules;
    index.add(claim.first.judgement, logged.leafIndex);
    this.#claims.delete(claim.key);
    metrics.batchesReceipted.inc();
    metrics.reportsReceipted.inc(claim.first.judgement.reports);
    this.#answer(claim.first, logged);
    for (const repeat of claim.repeats) {
      metrics.repeats.inc();
      this.#answer(repeat, logged);
    }
  }

  async #answerAgain(claim: Claim, leafIndex: number): Promise<void> {
    try {
      const logged = await this.#modules.ledger.prove(leafIndex);
      this.#claims.delete(claim.key);
      for (const repeat of [claim.first, ...claim.repeats]) {
        this.#modules.metrics.repeats.inc();
        this.#answer(repeat, logged);
      }
    } catch (error) {
      this.#refuseForStorage(claim, error);
    }
  }

  #answer(candidate: Candidate, logged: LogProof): void {
    const { message, judgement } = candidate;
    const { answers, metrics } = this.#modules;
    answers.send(message.participant.id, writeReceipt(judgement.name, judgement.payloadHash, logged));
    metrics.receiptSeconds.observe((performance.now() - message.arrivedAt) / 1_000);
    message.done('receipted');
  }

  #refuseFaulty(candidate: Candidate, fault: AdmissionReason): void {
    const { participant, done } = candidate.message;
    const nowMs = this.#modules.clock.now();
    if (fault === 'bad_signature') participant.bucket.charge(BAD_SIGNATURE_TOKENS, nowMs);
    else participant.bucket.charge(BAD_SCHEMA_TOKENS, nowMs);
    this.#modules.desk.refuse(participant.id, batchOf(candidate), fault);
    done(fault);
  }

  #refuseForStorage(claim: Claim, error: unknown): void {
    this.#modules.logger.debug({ err: error }, 'a batch could not be stored');
    this.#refuseClaim(claim, 'storage_unavailable', STORAGE_RETRY_MS);
  }

  #refuseClaim(claim: Claim, reason: AdmissionReason, retryAfterMs: number): void {
    this.#claims.delete(claim.key);
    for (const candidate of [claim.first, ...claim.repeats]) {
      const { participant, done } = candidate.message;
      this.#modules.desk.refuse(participant.id, batchOf(candidate), reason, retryAfterMs);
      done(reason);
    }
  }
}

function batchOf({ message, judgement }: Candidate): RefusedBatch {
  return { hotspot: message.participant.publicKey, name: judgement.name, payloadHash: judgement.payloadHash };
}
