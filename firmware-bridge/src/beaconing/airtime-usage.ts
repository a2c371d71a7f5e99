import { DUTY_CYCLE_WINDOW_MS, type RegionPlan } from '../protocol/index.ts';
import type { AirtimeState } from './airtime-ledger.ts';

export interface AirtimeUsage {
  readonly lowerHz: number;
  readonly upperHz: number;
  readonly usedMs: number;
  /** Absent where the plan limits no duty cycle. */
  readonly limitMs?: number;
}

/** Airtime of the last hour, whole milliseconds rounded up, by band of the plan that was used or that beacons may use. */
export function airtimeUsage(plan: RegionPlan, { entries }: AirtimeState, nowMs: number): readonly AirtimeUsage[] {
  const counting = entries.filter(({ endMs }) => endMs > nowMs - DUTY_CYCLE_WINDOW_MS);
  const usedIn = (lowerHz: number, upperHz: number): number => {
    const inBand = counting.filter(({ frequencyHz }) => frequencyHz >= lowerHz && frequencyHz < upperHz);
    return Math.ceil(inBand.reduce((sum, { airtimeUs }) => sum + airtimeUs, 0) / 1_000);
  };
  const { lowerHz, upperHz } = plan.transmitRangeHz;
  if (plan.dutyCycleBands.length === 0) return [{ lowerHz, upperHz, usedMs: usedIn(lowerHz, upperHz) }];
  return plan.dutyCycleBands
    .filter((band) => plan.beaconChannelsHz.some((channel) => channel >= band.lowerHz && channel < band.upperHz))
    .map((band) => ({
      lowerHz: band.lowerHz,
      upperHz: band.upperHz,
      usedMs: usedIn(band.lowerHz, band.upperHz),
      limitMs: (band.permille * DUTY_CYCLE_WINDOW_MS) / 1_000,
    }));
}
