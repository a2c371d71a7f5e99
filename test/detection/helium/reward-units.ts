/** HIP 15 with four useful witnesses and r = 0.8, as iot_verifier/src/runner.rs computes it. */
const REDUNDANCY = 4;
const DECAY = 0.8;
const CAP = 2;
/** First to arrive, of those that are valid (`default_max_witnesses_per_poc`). */
export const PAID_WITNESSES = 14;

/** Four decimal places. */
const scaled = (units: number): number => Math.round(units * 10_000) / 10_000;

/** For the sender of a beacon with that many paid witnesses. */
export function beaconerUnits(witnesses: number): number {
  if (witnesses <= REDUNDANCY) return scaled(witnesses / REDUNDANCY);
  return scaled(Math.min(CAP, 2 - DECAY ** (witnesses - REDUNDANCY)));
}

/** For each of that many paid witnesses. */
export function witnessUnits(witnesses: number): number {
  if (witnesses === 0) return 0;
  if (witnesses <= REDUNDANCY) return 1;
  return scaled(Math.min(CAP, (REDUNDANCY - (1 - DECAY ** (witnesses - REDUNDANCY))) / witnesses));
}
