/** True in `npm run test:long`, which sets SEXTANT_FULL=1. */
export const isFullRun = process.env['SEXTANT_FULL'] === '1';

/** How often a randomised test runs: the full count in a full run, else a tenth of it, so that `npm test` stays short. */
export function runs(full: number): number {
  return isFullRun ? full : Math.max(1, Math.round(full / 10));
}
