import { tenLog10Udb } from '../../numeric/log10.ts';

/** Free-space loss at 868 MHz, ddB: 31.22 dB at 1 m. */
export function freeSpaceDdb(apartM: number): number {
  return 312 + Math.floor((2 * tenLog10Udb(apartM)) / 100_000);
}
