import type { Logger } from 'pino';
import type { Cancel, Clock } from '../clock.ts';
import type { PinnedValidator } from '../network/network-facts.ts';
import type { StoreChange } from '../outbox/durable-store.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import type { SealedBatch } from '../outbox/sealed-batch.ts';
import {
  type AdmissionReason,
  BATCH_MAX_REPORTS,
  decodeReceiptMessage,
  type ReceiptMessage,
  type Refusal,
  toleratedFaults,
  unixMs,
  type VerifySignature,
  verifyReceipt,
  verifyRefusal,
} from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import { backoffMs } from './backoff.ts';

export interface DeliveryOptions {
  readonly networkId: string;
  readonly validators: readonly PinnedValidator[];
  /** Batches on their way at one time. */
  readonly maxInFlight: number;
  /** How long a report may wait for others to share its batch. */
  readonly flushDelayMs: number;
}

/** The way to one validator, in the order of `validators`. */
interface ReportLink {
  readonly isConnected: boolean;
  publishReport(envelope: Uint8Array): void;
  hurry(): void;
}

export interface DeliveryModules {
  readonly partition: OutboxPartition;
  readonly links: readonly ReportLink[];
  /** The protocol's time: batches are made by it. */
  readonly clock: Clock;
  /** Real time: sending again is a matter of the transport. */
  readonly timers: Clock;
  readonly random: RandomSource;
  readonly verify: VerifySignature;
  readonly logger: Logger;
  /** A batch leaves the outbox: what must change in the participant's state with it, in the same write. */
  readonly onSettled: (batch: SealedBatch, fate: 'receipted' | 'refused') => readonly StoreChange[];
}

export interface DeliveryCounts {
  readonly inFlight: number;
  readonly sent: number;
  readonly sentAgain: number;
  /** Receipts and refusals that prove nothing: forged, of another batch, unreadable. By reason. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
}

/** One batch at one validator. */
interface Leg {
  state: 'open' | 'receipted' | 'refused';
  attempts: number;
  /** The validator said when to try again: not before, not even on a new connection. */
  isHeld: boolean;
  reason?: AdmissionReason;
  timer?: Cancel;
}

interface InFlight {
  readonly batch: SealedBatch;
  readonly legs: readonly Leg[];
  /** Enough was heard; the outbox is being told. */
  isSettling: boolean;
}

const RESEND = { firstMs: 10_000, longestMs: 300_000 };
const RETRY_AFTER_MAX_MS = 3_600_000;
const RETRY_AFTER_MIN_MS = 200;

/** A matter of the moment, whatever the message says about trying again. */
const NEVER_FOR_GOOD: ReadonlySet<AdmissionReason> = new Set(['rate_exceeded', 'storage_unavailable']);

const nameOf = ({ incarnation, sequence }: { incarnation: bigint; sequence: number }): string =>
  `${incarnation}/${sequence}`;

/**
 * Brings one participant's batches to all validators, and lets a batch go only against 2f+1 valid receipts, or f+1 signed
 * refusals for good with one reason. Everything else (silence, forged answers, a broker that acknowledges and forgets)
 * only makes it send the same bytes again.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #modules: DeliveryModules;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #waitingForIdle: (() => void)[] = [];
  readonly #ignored = new Map<string, number>();
  readonly #refusals = new Map<string, number>();
  #sent = 0;
  #sentAgain = 0;
  #flushTimer: Cancel | undefined;
  #mustFlush = false;
  #pumping: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: DeliveryOptions, modules: DeliveryModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Takes up what a former run, or the time of a failing disk, has left behind. */
  resume(): void {
    const open = new Map(this.#modules.partition.openBatches().map((batch) => [nameOf(batch), batch]));
    for (const [name, { legs }] of this.#inFlight) if (!open.has(name)) this.#forget(name, legs);
    for (const [name, batch] of open) if (!this.#inFlight.has(name)) this.#adopt(batch);
    if (this.#waitingForIdle.length > 0) void this.#flush();
    else if (this.#modules.partition.waiting > 0) this.flushSoon();
  }

  /** Reports were added: they leave within the flush delay, at once when they fill a batch. */
  flushSoon(): void {
    if (this.#modules.partition.waiting >= BATCH_MAX_REPORTS) void this.#flush();
    else this.#flushLater();
  }

  connected(index: number): void {
    for (const { batch, legs } of this.#inFlight.values()) {
      const leg = legs[index];
      if (leg?.state === 'open' && !leg.isHeld) this.#send(batch, leg, index);
    }
    if (this.#mustFlush) void this.#pump();
  }

  /** What came on the receipt topic of that validator's broker. Any validator's answer may come through any broker. */
  receiptArrived(bytes: Uint8Array): void {
    const decoded = decodeReceiptMessage(bytes);
    if (!decoded.ok) return this.#ignore(decoded.reason);
    const message = decoded.value;
    const flight = this.#inFlight.get(nameOf(message));
    if (!flight) return this.#ignore('not_in_flight');
    if (message.kind === 'receipt') this.#onReceipt(flight, message);
    else this.#onRefusal(flight, message);
  }

  /** Resolves when everything is receipted or dead and nothing is under way. Sends at once what still waits. */
  async idle(): Promise<void> {
    for (const link of this.#modules.links) link.hurry();
    await this.#modules.partition.whenSaved();
    void this.#flush();
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#waitingForIdle.push(resolve));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#flushTimer?.();
    for (const { legs } of this.#inFlight.values()) for (const { timer } of legs) timer?.();
    await this.#pumping;
  }

  counts(): DeliveryCounts {
    return {
      inFlight: this.#inFlight.size,
      sent: this.#sent,
      sentAgain: this.#sentAgain,
      ignored: Object.fromEntries(this.#ignored),
      refusals: Object.fromEntries(this.#refusals),
    };
  }

  #flush(): Promise<void> {
    this.#flushTimer?.();
    this.#flushTimer = undefined;
    this.#mustFlush = true;
    return this.#pump();
  }

  /** Makes batches while there is something to send and room on the way. One pump at a time. */
  #pump(): Promise<void> {
    this.#pumping ??= this.#pumpAll().finally(() => {
      this.#pumping = undefined;
      this.#checkIdle();
    });
    return this.#pumping;
  }

  async #pumpAll(): Promise<void> {
    const { partition, links } = this.#modules;
    while (this.#mustFlush && !this.#isStopped && this.#inFlight.size < this.#options.maxInFlight) {
      if (!links.some((link) => link.isConnected)) return;
      const batch = await partition.seal();
      if (batch) this.#adopt(batch);
      else this.#mustFlush = false;
    }
    // What could not be sealed (the disk fails) or came meanwhile is looked at again.
    if (!this.#mustFlush && !this.#isStopped && partition.waiting > 0) this.#flushLater();
  }

  #flushLater(): void {
    const { clock } = this.#modules;
    this.#flushTimer ??= clock.at(unixMs(clock.now() + this.#options.flushDelayMs), () => this.#flush());
  }

  #adopt(batch: SealedBatch): void {
    const legs = this.#options.validators.map((): Leg => ({ state: 'open', attempts: 0, isHeld: false }));
    this.#inFlight.set(nameOf(batch), { batch, legs, isSettling: false });
    legs.forEach((leg, index) => this.#send(batch, leg, index));
  }

  #send(batch: SealedBatch, leg: Leg, index: number): void {
    const { links, timers, random } = this.#modules;
    const link = links[index];
    leg.timer?.();
    delete leg.timer;
    leg.isHeld = false;
    if (!link?.isConnected || this.#isStopped) return;
    if (leg.attempts > 0) this.#sentAgain++;
    this.#sent++;
    link.publishReport(batch.envelope);
    const waitMs = backoffMs(RESEND, leg.attempts++, random);
    leg.timer = timers.at(unixMs(timers.now() + waitMs), () => this.#send(batch, leg, index));
  }

  #onReceipt(flight: InFlight, message: Extract<ReceiptMessage, { kind: 'receipt' }>): void {
    const { validators } = this.#options;
    const { verify } = this.#modules;
    let fault = 'bad_checkpoint';
    for (const [index, { origin, logKey: validatorKey }] of validators.entries()) {
      const verdict = verifyReceipt(flight.batch.envelope, message, { origin, validatorKey }, verify);
      if (verdict.ok) return this.#settleLeg(flight, index, { state: 'receipted' });
      fault = verdict.reason === 'bad_checkpoint' ? fault : verdict.reason;
    }
    this.#ignore(fault);
  }

  #onRefusal(flight: InFlight, refusal: Refusal): void {
    const { validators, networkId } = this.#options;
    const { verify, logger } = this.#modules;
    let fault = 'other_validator';
    for (const [index, { logKey: validatorKey, id }] of validators.entries()) {
      const verdict = verifyRefusal(flight.batch.envelope, refusal, { networkId, validatorKey }, verify);
      if (!verdict.ok) {
        fault = verdict.reason === 'other_validator' ? fault : verdict.reason;
        continue;
      }
      const { reason } = refusal;
      this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
      const isForGood = refusal.retryAfterMs === 0 && !NEVER_FOR_GOOD.has(reason);
      logger.warn({ validator: id, reason, retryAfterMs: refusal.retryAfterMs }, 'a batch was refused');
      if (isForGood) this.#settleLeg(flight, index, { state: 'refused', reason });
      else this.#hold(flight, index, refusal.retryAfterMs);
      return;
    }
    this.#ignore(fault);
  }

  #hold({ batch, legs }: InFlight, index: number, retryAfterMs: number): void {
    const leg = legs[index];
    if (leg?.state !== 'open') return;
    const { timers, random } = this.#modules;
    const waitMs = Math.min(Math.max(retryAfterMs, RETRY_AFTER_MIN_MS), RETRY_AFTER_MAX_MS);
    const jitterMs = random.below(Math.ceil(waitMs / 4) + 1);
    leg.timer?.();
    leg.isHeld = true;
    leg.timer = timers.at(unixMs(timers.now() + waitMs + jitterMs), () => this.#send(batch, leg, index));
  }

  #settleLeg(flight: InFlight, index: number, now: Pick<Leg, 'state' | 'reason'>): void {
    const leg = flight.legs[index];
    if (leg?.state !== 'open') return;
    leg.timer?.();
    Object.assign(leg, now);
    const faults = toleratedFaults(this.#options.validators.length);
    const { legs, batch } = flight;
    const receipts = legs.filter(({ state }) => state === 'receipted').length;
    const same = legs.filter(({ state, reason }) => state === 'refused' && reason === now.reason).length;
    if (receipts >= 2 * faults + 1) void this.#settle(flight, undefined);
    else if (now.reason !== undefined && same >= faults + 1) void this.#settle(flight, now.reason);
    else if (legs.every(({ state }) => state !== 'open'))
      this.#modules.logger.warn({ sequence: batch.sequence }, 'validators disagree about a batch');
  }

  async #settle(flight: InFlight, refusedFor: AdmissionReason | undefined): Promise<void> {
    const { partition, onSettled } = this.#modules;
    if (flight.isSettling) return;
    flight.isSettling = true;
    const { batch } = flight;
    const settled =
      refusedFor === undefined
        ? await partition.settleReceipted(batch.number, onSettled(batch, 'receipted'))
        : await partition.settleDead(batch.number, refusedFor, onSettled(batch, 'refused'));
    flight.isSettling = false;
    // When the disk fails the batch stays: it is sent again, answered again, and settled when the disk works.
    if (!settled) return this.#reopen(flight);
    this.#forget(nameOf(batch), flight.legs);
    await this.#pump();
    this.#checkIdle();
  }

  #reopen({ batch, legs }: InFlight): void {
    const { timers, random } = this.#modules;
    legs.forEach((leg, index) => {
      leg.state = 'open';
      const waitMs = backoffMs(RESEND, leg.attempts, random);
      leg.timer = timers.at(unixMs(timers.now() + waitMs), () => this.#send(batch, leg, index));
    });
  }

  #forget(name: string, legs: readonly Leg[]): void {
    for (const { timer } of legs) timer?.();
    this.#inFlight.delete(name);
  }

  #ignore(reason: string): void {
    this.#ignored.set(reason, (this.#ignored.get(reason) ?? 0) + 1);
    this.#modules.logger.debug({ reason }, 'ignored an answer that proves nothing');
  }

  #isIdle(): boolean {
    return this.#inFlight.size === 0 && this.#modules.partition.waiting === 0 && this.#pumping === undefined;
  }

  #checkIdle(): void {
    if (this.#isIdle()) for (const resolve of this.#waitingForIdle.splice(0)) resolve();
  }
}
