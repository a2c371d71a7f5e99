import { readUint32, type WitnessReport } from '@sextant/firmware-bridge/protocol';
import { NumberColumn } from '../../packed/number-column.ts';
import { RowIndex } from '../../packed/row-index.ts';

const NONE = -1;

/** What the witness reports of an epoch are looked up by. Numbers count from 0 in the order of arrival. */
export class WitnessFacts {
  readonly #row = NumberColumn.int32();
  readonly #tag = NumberColumn.float64();
  /** The witness reports of one tag form a chain: tag → newest, and from each to the one before. */
  readonly #newestOfTag = new Map<number, number>();
  readonly #previousOfTag = NumberColumn.int32();
  /** Commitment and witness together. */
  readonly #statements: RowIndex;
  readonly #statement = NumberColumn.int32();
  readonly #reportsOfStatement = NumberColumn.int32();

  constructor(salt: Uint8Array) {
    this.#statements = new RowIndex(36, salt);
  }

  get count(): number {
    return this.#row.count;
  }

  /** `row` is the report's row in `ReportFacts`, higher than those before. */
  add(row: number, reporter: number, report: WitnessReport): void {
    const tag = readUint32(report.beaconTag, 0);
    this.#row.push(row);
    this.#tag.push(tag);
    this.#previousOfTag.push(this.#newestOfTag.get(tag) ?? NONE);
    this.#newestOfTag.set(tag, this.count - 1);

    const name = new Uint8Array(36);
    name.set(report.commitment);
    new DataView(name.buffer).setUint32(32, reporter);
    const statement = this.#statements.add(name);
    if (statement === this.#reportsOfStatement.count) this.#reportsOfStatement.push(1);
    else this.#reportsOfStatement.set(statement, this.#reportsOfStatement.at(statement) + 1);
    this.#statement.push(statement);
  }

  rowOf(witness: number): number {
    return this.#row.at(witness);
  }

  /** The witness report in that row of `ReportFacts`. Throws RangeError when there is none. */
  getByRow(row: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#row.at(middle) < row) low = middle + 1;
      else high = middle;
    }
    if (low === this.count || this.#row.at(low) !== row) throw new RangeError(`row ${row} is no witness report`);
    return low;
  }

  /** The tag it bears, as a number. */
  tagOf(witness: number): number {
    return this.#tag.at(witness);
  }

  /** The witness reports that bear a tag. */
  *withTag(tag: number): Iterable<number> {
    for (let at = this.#newestOfTag.get(tag) ?? NONE; at !== NONE; at = this.#previousOfTag.at(at)) yield at;
  }

  /** The witness has signed another report with the same commitment. */
  isConflicting(witness: number): boolean {
    return this.#reportsOfStatement.at(this.#statement.at(witness)) > 1;
  }
}
