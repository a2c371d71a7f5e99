import type { RuleSet } from '../ruleset/index.ts';

/** A surveyed cell that somebody hears. */
export interface SurveyedCell {
  readonly cell: bigint;
  /** It was covered within the last day. */
  readonly known: boolean;
  /** Numbers of the survey devices with a valid transmission from it that was heard. */
  readonly devices: ReadonlySet<number>;
  /** Numbers of the hotspots that are paid for hearing one. */
  readonly witnesses: ReadonlySet<number>;
}

export interface CellShares {
  shares: bigint;
  cells: number;
}

/** lcm(1 … 16): a half cell divides exactly among up to 16; above, what rounding leaves goes to nobody. */
const HALF_CELL = 720_720n;

/**
 * Shares of the survey class, by the number of the key. A cell is worth its weight once an epoch, however often it is
 * driven through: one half to those who drove, one half to those who heard, each half in equal parts, times what each
 * one's work counts.
 */
export function surveyShares(
  cells: Iterable<SurveyedCell>,
  weights: Pick<RuleSet['rewards'], 'newCellWeight' | 'knownCellWeight'>,
  partOf: (key: number) => bigint = () => 1n,
): Map<number, CellShares> {
  const earned = new Map<number, CellShares>();
  for (const { known, devices, witnesses } of cells) {
    const half = BigInt(known ? weights.knownCellWeight : weights.newCellWeight) * HALF_CELL;
    for (const side of [devices, witnesses]) {
      for (const key of side) {
        const entry = earned.get(key) ?? { shares: 0n, cells: 0 };
        entry.shares += (half / BigInt(side.size)) * partOf(key);
        entry.cells++;
        earned.set(key, entry);
      }
    }
  }
  return earned;
}
