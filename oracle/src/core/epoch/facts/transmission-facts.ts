import {
  type BeaconReport,
  epochOfRound,
  roundOfSlot,
  type SurveyReport,
  slotAt,
  type Timing,
} from '@sextant/firmware-bridge/protocol';
import { NumberColumn } from '../../packed/number-column.ts';

/** The reveals of an epoch. Numbers count from 0 in the order of arrival. */
export class TransmissionFacts {
  readonly #timing: Timing;
  readonly #epoch: number;
  readonly #row = NumberColumn.int32();
  readonly #ordinal = NumberColumn.float64();
  readonly #countOfName = new Map<string, number>();
  /** Device → slot → highest index spent in it. */
  readonly #turns = new Map<number, Map<number, number>>();

  constructor(timing: Timing, epoch: number) {
    this.#timing = timing;
    this.#epoch = epoch;
  }

  get count(): number {
    return this.#row.count;
  }

  /** `row` is the report's row in `ReportFacts`, and new. */
  add(row: number, reporter: number, report: BeaconReport | SurveyReport): void {
    const ordinal = report.kind === 'beacon' ? report.round : report.index;
    this.#row.push(row);
    this.#ordinal.push(ordinal);
    const name = nameOf(reporter, report.kind, ordinal);
    this.#countOfName.set(name, (this.#countOfName.get(name) ?? 0) + 1);
    if (report.kind === 'survey') this.#addTurn(reporter, report);
  }

  /** Only what was sent in the round it names, in this epoch: so there are never more slots than the epoch has. */
  #addTurn(device: number, report: SurveyReport): void {
    const slot = slotAt(this.#timing, report.sentAtMs);
    if (roundOfSlot(this.#timing, slot) !== report.round) return;
    if (epochOfRound(this.#timing, report.round) !== this.#epoch) return;
    const turns = this.#turns.get(device) ?? new Map<number, number>();
    turns.set(slot, Math.max(turns.get(slot) ?? 0, report.index));
    this.#turns.set(device, turns);
  }

  rowOf(transmission: number): number {
    return this.#row.at(transmission);
  }

  /** A beacon's round, a survey transmission's index. */
  ordinalOf(transmission: number): number {
    return this.#ordinal.at(transmission);
  }

  /** The sender signed another report for the same round or index. */
  hasTwin(reporter: number, report: BeaconReport | SurveyReport): boolean {
    const ordinal = report.kind === 'beacon' ? report.round : report.index;
    return (this.#countOfName.get(nameOf(reporter, report.kind, ordinal)) ?? 0) > 1;
  }

  /**
   * The device spent a later index in an earlier slot. Whoever reads a reveal can compute every earlier link of the chain:
   * a link below one that may be known already proves no reception.
   */
  isOutOfTurn(device: number, report: SurveyReport): boolean {
    const sentIn = slotAt(this.#timing, report.sentAtMs);
    for (const [slot, index] of this.#turns.get(device) ?? []) {
      if (slot < sentIn && index > report.index) return true;
    }
    return false;
  }
}

function nameOf(reporter: number, kind: 'beacon' | 'survey', ordinal: number): string {
  return `${reporter}:${kind}:${ordinal}`;
}
