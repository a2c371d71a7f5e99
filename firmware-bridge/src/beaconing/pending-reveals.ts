import type { Logger } from 'pino';
import type { Cancel, Clock } from '../clock.ts';
import type { StoreChange } from '../outbox/durable-store.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import {
  type BeaconReport,
  bytesToHex,
  decodeReport,
  encodeReport,
  hexToBytes,
  parseBeaconFrame,
  revealAtMs,
  type SurveyReport,
  type Timing,
} from '../protocol/index.ts';

export type TransmissionReport = BeaconReport | SurveyReport;

export interface PendingRevealsModules {
  readonly partition: Pick<OutboxPartition, 'add' | 'findState'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A reveal is on its way into the outbox. */
  readonly onRevealed: (report: TransmissionReport) => void;
}

interface Pending {
  readonly slot: number;
  /** False until the gateway has said that it took the frame: after a crash in between it may have been sent. */
  readonly isConfirmed: boolean;
  readonly report: TransmissionReport;
}

const PREFIX = 'reveal/';
/** Own tags kept to recognise an echo or a replay of one's own transmission. */
const OWN_TAGS_KEPT = 256;

/**
 * Transmissions whose secret may not be told yet. Each is on disk before it goes on the air, so that a restart in between
 * still reveals it; and none is revealed before slot end + 2W, because whoever reads it then could still claim to have
 * heard it.
 */
export class PendingReveals {
  readonly #timing: Timing;
  readonly #modules: PendingRevealsModules;
  readonly #pending = new Map<string, { readonly entry: Pending; readonly cancel: Cancel }>();
  readonly #ownTags = new Set<string>();

  constructor(timing: Timing, modules: PendingRevealsModules) {
    this.#timing = timing;
    this.#modules = modules;
  }

  get count(): number {
    return this.#pending.size;
  }

  /** Takes up what a former run has left. What is overdue is revealed at once. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#modules.partition.findState(PREFIX)) {
      this.#schedule(key.slice(PREFIX.length), parsePending(value));
    }
  }

  isOwn(tag: Uint8Array): boolean {
    return this.#ownTags.has(bytesToHex(tag));
  }

  /** Puts a transmission on disk before it is sent, with other changes of state. Resolves when it is safe there. */
  async plan(name: string, slot: number, report: TransmissionReport, state: readonly StoreChange[]): Promise<void> {
    const entry = { slot, isConfirmed: false, report };
    await this.#modules.partition.add([], [{ key: PREFIX + name, value: encodePending(entry) }, ...state]);
    this.#schedule(name, entry);
  }

  /** The gateway took it: `report` now says when and at which power. */
  async confirm(name: string, report: TransmissionReport): Promise<void> {
    const pending = this.#pending.get(name);
    if (!pending) return;
    const entry = { slot: pending.entry.slot, isConfirmed: true, report };
    pending.cancel();
    this.#schedule(name, entry);
    await this.#modules.partition.add([], [{ key: PREFIX + name, value: encodePending(entry) }]);
  }

  /** It was certainly not sent: nothing will be revealed. */
  async cancel(name: string): Promise<void> {
    this.#pending.get(name)?.cancel();
    this.#pending.delete(name);
    await this.#modules.partition.add([], [{ key: PREFIX + name, value: undefined }]);
  }

  stop(): void {
    for (const { cancel } of this.#pending.values()) cancel();
  }

  #schedule(name: string, entry: Pending): void {
    this.#rememberTag(entry.report);
    const cancel = this.#modules.clock.at(revealAtMs(this.#timing, entry.slot), () => this.#reveal(name));
    this.#pending.set(name, { entry, cancel });
  }

  #rememberTag({ phyPayload }: TransmissionReport): void {
    const frame = parseBeaconFrame(phyPayload);
    if (!frame) return;
    this.#ownTags.add(bytesToHex(frame.tag));
    const [oldest] = this.#ownTags;
    if (this.#ownTags.size > OWN_TAGS_KEPT && oldest !== undefined) this.#ownTags.delete(oldest);
  }

  async #reveal(name: string): Promise<void> {
    const { clock, partition, logger, onRevealed } = this.#modules;
    const pending = this.#pending.get(name);
    if (!pending) return;
    const { slot, report, isConfirmed } = pending.entry;
    // The clock may have been set back since this was scheduled.
    if (clock.now() < revealAtMs(this.#timing, slot)) return this.#schedule(name, pending.entry);
    this.#pending.delete(name);
    if (!isConfirmed) logger.info({ name }, 'revealing a transmission of which it is unknown whether it was sent');
    const stored = partition.add([report], [{ key: PREFIX + name, value: undefined }]);
    onRevealed(report);
    await stored;
  }
}

function encodePending({ slot, isConfirmed, report }: Pending): Uint8Array {
  return Buffer.from(JSON.stringify({ slot, isConfirmed, report: bytesToHex(encodeReport(report)) }));
}

/** Throws when the bytes are not what `encodePending` wrote. */
function parsePending(value: Uint8Array): Pending {
  const { slot, isConfirmed, report } = JSON.parse(Buffer.from(value).toString()) as Record<string, unknown>;
  const decoded = typeof report === 'string' ? decodeReport(hexToBytes(report)) : undefined;
  const kind = decoded?.ok ? decoded.value.kind : undefined;
  if (typeof slot !== 'number' || !decoded?.ok || (kind !== 'beacon' && kind !== 'survey')) {
    throw new TypeError('a pending reveal is unreadable');
  }
  return { slot, isConfirmed: isConfirmed === true, report: decoded.value as TransmissionReport };
}
