import { NumberColumn } from '../../packed/number-column.ts';
import type { LinkFacts } from '../../rules/index.ts';

/** The valid links of an epoch, packed. */
export class LinkTable {
  readonly #row = NumberColumn.int32();
  readonly #witness = NumberColumn.int32();
  readonly #transmission = NumberColumn.int32();
  readonly #referenceEspDdbm = NumberColumn.int32();
  readonly #snrDdb = NumberColumn.int32();
  readonly #distanceM = NumberColumn.int32();
  readonly #delayMs = NumberColumn.int32();
  readonly #selected = NumberColumn.uint8();

  get count(): number {
    return this.#row.count;
  }

  /** `row` of the witness report, `witness` the number of its key, `transmission` the place in the epoch's list. */
  add(row: number, witness: number, transmission: number, link: LinkFacts): void {
    this.#row.push(row);
    this.#witness.push(witness);
    this.#transmission.push(transmission);
    this.#referenceEspDdbm.push(link.referenceEspDdbm);
    this.#snrDdb.push(link.snrDdb);
    this.#distanceM.push(link.distanceM);
    this.#delayMs.push(link.delayMs);
    this.#selected.push(0);
  }

  select(link: number): void {
    this.#selected.set(link, 1);
  }

  isSelected(link: number): boolean {
    return this.#selected.at(link) === 1;
  }

  rowOf(link: number): number {
    return this.#row.at(link);
  }

  /** Number of the witness's key. */
  witnessOf(link: number): number {
    return this.#witness.at(link);
  }

  transmissionOf(link: number): number {
    return this.#transmission.at(link);
  }

  /** Normalised to the reference EIRP. */
  referenceEspDdbmOf(link: number): number {
    return this.#referenceEspDdbm.at(link);
  }

  snrDdbOf(link: number): number {
    return this.#snrDdb.at(link);
  }

  distanceMOf(link: number): number {
    return this.#distanceM.at(link);
  }

  /** By how much the witness's clock was beyond the sender's and the time on air, ms. */
  delayMsOf(link: number): number {
    return this.#delayMs.at(link);
  }
}
