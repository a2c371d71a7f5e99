import {
  bytesToHex,
  REGISTRY_EVENTS_MAX,
  REGISTRY_PARTS_MAX,
  type RegistryEvents,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import type { RegistryReference } from '../core/index.ts';
import type { LogWriter } from './log-writer.ts';
import type { SignRecord } from './record-signer.ts';

/** What a chain's registry said from one block to another; as long as it may be. */
export type RegistryReading = Omit<RegistryEvents, 'kind' | 'part' | 'parts'>;

/** Events that one reading may hold. */
export const READING_EVENTS_MAX = REGISTRY_EVENTS_MAX * REGISTRY_PARTS_MAX;

/** The readings in a validator's own log. */
export interface RegistryJournal {
  /** Up to where the log has them; undefined before the first. */
  recorded(): RegistryReference | undefined;
  /** Resolves when it is on the disk. Its entries stand one behind the other: no epoch is cut between them. */
  record(reading: RegistryReading): Promise<void>;
}

export function createRegistryJournal(
  recorded: RegistryReference | undefined,
  { log, sign }: { readonly log: LogWriter<unknown>; readonly sign: SignRecord },
): RegistryJournal {
  let last = recorded;
  return {
    recorded: () => last,
    async record(reading) {
      const parts = Math.max(1, Math.ceil(reading.events.length / REGISTRY_EVENTS_MAX));
      const written = Array.from({ length: parts }, (_, part) => {
        const events = reading.events.slice(part * REGISTRY_EVENTS_MAX, (part + 1) * REGISTRY_EVENTS_MAX);
        return log.appendRecord(sign({ ...reading, kind: 'registry_events', part, parts, events }));
      });
      last = referenceOf(reading);
      await Promise.all(written);
    },
  };
}

/** Finds the newest whole reading while a log is read: as the core would count it, whatever a crash has torn off. */
export class RecordedReadings {
  #last: RegistryReference | undefined;
  #parts = new Set<number>();
  #name = '';

  constructor(known: RegistryReference | undefined) {
    this.#last = known;
  }

  get last(): RegistryReference | undefined {
    return this.#last;
  }

  notice(record: ValidatorRecord): void {
    if (record.kind === 'epoch_mark') this.#parts.clear();
    if (record.kind !== 'registry_events') return;
    const { fromBlock, referenceBlock, referenceHash, part, parts } = record;
    const name = `${fromBlock} ${referenceBlock} ${bytesToHex(referenceHash)} ${parts}`;
    if (name !== this.#name) this.#parts.clear();
    this.#name = name;
    this.#parts.add(part);
    if (this.#parts.size < parts || (this.#last && this.#last.block >= referenceBlock)) return;
    this.#last = referenceOf(record);
  }
}

const referenceOf = ({ chainId, registry, referenceBlock, referenceHash }: RegistryReading): RegistryReference => ({
  chainId,
  registry,
  block: referenceBlock,
  hash: referenceHash,
});
