/**
 * How often a randomised test runs: the full count when SEXTANT_FULL=1 (`npm run test:long`), else a tenth of it, so
 * that `npm test` stays short.
 */
export function runs(full: number): number {
  return process.env['SEXTANT_FULL'] === '1' ? full : Math.max(1, Math.round(full / 10));
}
