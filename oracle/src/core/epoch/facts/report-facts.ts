import {
  concatBytes,
  type Report,
  type ReportBatch,
  toleratedFaults,
  uint64BigEndian,
} from '@sextant/firmware-bridge/protocol';
import type { Sha256 } from '../../merkle/tree-hasher.ts';
import { ByteRecords } from '../../packed/byte-records.ts';
import { ByteRows } from '../../packed/byte-rows.ts';
import { NumberColumn } from '../../packed/number-column.ts';
import { RowIndex } from '../../packed/row-index.ts';
import type { CarriedReport, Sighting } from '../state/epoch-state.ts';
import { AFTER_ALL_SLOTS, agreedSlot, Sightings } from './sightings.ts';

/** Kinds of reports, as they are kept in a column. */
const KINDS: readonly Report['kind'][] = [
  'beacon',
  'witness',
  'location_assertion',
  'survey',
  'successor',
  'gateway_status',
  'chain_anchor',
  'appeal',
];

/** The mark of a sighting that rests on no batch of this epoch. */
const NO_BATCH = -1;

/**
 * Every report of an epoch once, by id, packed: its signer, its kind, its canonical encoding and where it stands. Rows
 * count from 0 in the order of arrival, which no result depends on.
 */
export class ReportFacts {
  readonly ids: RowIndex;
  readonly #keyNumbers: RowIndex;
  readonly #keys: Uint8Array[] = [];
  readonly #reporter = NumberColumn.int32();
  readonly #kind = NumberColumn.uint8();
  readonly #encoded = new ByteRecords();
  readonly #sightings = new Sightings();
  readonly #batchNames: RowIndex;
  readonly #firstContent = new ByteRows(32);
  readonly #conflict = NumberColumn.uint8();
  readonly #validators: number;
  readonly #sha256: Sha256;
  #conflicts = 0;
  readonly #isClean = (batch: number): boolean => batch === NO_BATCH || this.#conflict.at(batch) === 0;

  constructor(validators: number, salt: Uint8Array, sha256: Sha256) {
    this.#validators = validators;
    this.#sha256 = sha256;
    this.ids = new RowIndex(32, salt);
    this.#keyNumbers = new RowIndex(32, salt);
    this.#batchNames = new RowIndex(32, salt);
  }

  get count(): number {
    return this.ids.count;
  }

  /** How many batch names bear more than one content. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** Number of the batch's name. Another content under a known name spoils the name. */
  addBatch(batch: ReportBatch, payload: Uint8Array): number {
    const { hotspot, incarnation, sequence } = batch;
    const name = this.#sha256(concatBytes(hotspot, uint64BigEndian(incarnation), uint64BigEndian(sequence)));
    const content = this.#sha256(payload);
    const row = this.#batchNames.add(name);
    if (row === this.#firstContent.count) {
      this.#firstContent.push(content);
      this.#conflict.push(0);
    } else if (!this.#firstContent.equals(row, content) && this.#conflict.at(row) === 0) {
      this.#conflict.set(row, 1);
      this.#conflicts++;
    }
    return row;
  }

  /** Row of the report; a new one when the id is. */
  add(id: Uint8Array, reporter: Uint8Array, kind: Report['kind'], encoded: Uint8Array): number {
    const row = this.ids.add(id);
    if (row === this.#encoded.count) {
      this.#reporter.push(this.numberOf(reporter));
      this.#kind.push(KINDS.indexOf(kind));
      this.#encoded.push(encoded);
      this.#sightings.addRow();
    }
    return row;
  }

  /** A copy of the report stands in a log of that keeper, in the batch numbered by `addBatch`. */
  see(row: number, keeper: number, lastClosedSlot: number, batch: number): void {
    this.#sightings.add(row, keeper, lastClosedSlot, batch);
  }

  /** A report that waits since the epoch before, with where it was seen then. */
  seeCarried(row: number, carried: CarriedReport): void {
    for (const { validator, lastClosedSlot } of carried.sightings) {
      this.#sightings.add(row, validator, lastClosedSlot, NO_BATCH);
    }
  }

  /** Number of a key, from 0 in the order they came. */
  numberOf(key: Uint8Array): number {
    const number = this.#keyNumbers.add(key);
    if (number === this.#keys.length) this.#keys.push(new Uint8Array(key));
    return number;
  }

  /** Number of a key, −1 for one that signed nothing here. */
  findNumber(key: Uint8Array): number {
    return this.#keyNumbers.find(key);
  }

  /** The key with that number: the same array each time. */
  keyOf(number: number): Uint8Array {
    return this.#keys[number] as Uint8Array;
  }

  /** The report's id, a copy. */
  idOf(row: number): Uint8Array {
    return this.ids.rows.copyAt(row);
  }

  reporterOf(row: number): Uint8Array {
    return this.keyOf(this.reporterNumber(row));
  }

  reporterNumber(row: number): number {
    return this.#reporter.at(row);
  }

  kindOf(row: number): Report['kind'] {
    return KINDS[this.#kind.at(row)] as Report['kind'];
  }

  /** Canonical encoding, a view. */
  encodedOf(row: number): Uint8Array {
    return this.#encoded.at(row);
  }

  /** All its copies came in batches whose name bears another content too. */
  hasNameConflict(row: number): boolean {
    return !this.#sightings.some(row, this.#isClean);
  }

  /** Its earliest place in each keeper's logs. Copies in conflicting batches do not count unless there are no others. */
  sightingsOf(row: number): Sighting[] {
    const clean = this.cleanSightingsOf(row);
    return clean.length > 0 ? clean : this.#sightings.earliest(row, () => true);
  }

  /** The same without copies in conflicting batches: none for a report that has no others. */
  cleanSightingsOf(row: number): Sighting[] {
    return this.#sightings.earliest(row, this.#isClean);
  }

  /** See `agreedSlot`. Where no validator is tolerated to be faulty, the earliest place is all that counts. */
  lastClosedSlotOf(row: number): number {
    if (toleratedFaults(this.#validators) === 0) {
      const clean = this.#sightings.earliestSlot(row, this.#isClean);
      return clean === AFTER_ALL_SLOTS ? this.#sightings.earliestSlot(row, () => true) : clean;
    }
    return agreedSlot(this.sightingsOf(row), this.#validators);
  }
}
