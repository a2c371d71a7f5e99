import { z } from 'zod';
import {
  DUTY_CYCLE_WINDOW_MS,
  type DutyCycleBand,
  dutyCycleBandAt,
  type LoraFrame,
  REGION_PLAN_TEXTS,
  type RegionPlan,
  timeOnAirUs,
  type UnixMs,
  unixMs,
} from '../protocol/index.ts';

/** A frame somebody wants to send. Must be a LoRa frame: `timeOnAirUs` throws otherwise. */
export interface PlannedTransmission extends LoraFrame {
  readonly frequencyHz: number;
}

/** Why a plan forbids a transmission. A closed list. */
type AirtimeRefusal = 'beaconing_not_allowed' | 'not_in_plan' | 'dwell_time' | 'duty_cycle';

export type AirtimeDecision =
  | { readonly allowed: true; readonly airtimeUs: number }
  | {
      readonly allowed: false;
      readonly reason: AirtimeRefusal;
      /** The first moment at which the same frame would be allowed; absent = never. */
      readonly allowedFromMs?: UnixMs;
      readonly advice: string;
    };

const ENTRY = z.object({
  frequencyHz: z.int().nonnegative(),
  airtimeUs: z.int().nonnegative(),
  /** The latest moment at which the transmission can have ended. */
  endMs: z.int().nonnegative(),
});
const STATE = z.object({ version: z.literal(1), entries: z.array(ENTRY).max(1_000_000) });

type Entry = Readonly<z.infer<typeof ENTRY>>;

/** Plain JSON: what a ledger must be given back after a restart. */
export interface AirtimeState {
  readonly version: 1;
  readonly entries: readonly Entry[];
}

/** How long after its reservation a frame may start: 5 s of waiting for its answer, 1 s in its queue. */
export const MAX_START_DELAY_MS = 6_000;

/** A stored state, or undefined when it is none (a damaged file: then wait an hour before sending). */
export function parseAirtimeState(value: unknown): AirtimeState | undefined {
  const parsed = STATE.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/**
 * What one gateway has had on the air, held against the limits of its plan: a packet forwarder has no limiter of its own.
 * A reservation counts whatever becomes of the frame, for a refused or unanswered one may be on the air all the same.
 * It cannot know of transmissions that others make through the same gateway.
 *
 * Law: in any hour the transmissions of a band sum up to at most its duty cycle, if each starts within
 * `MAX_START_DELAY_MS` of its reservation and the clock does not jump forward; a dwell limit holds likewise.
 */
export class AirtimeLedger {
  readonly #plan: RegionPlan;
  /** In the order of their reservation. */
  #entries: readonly Entry[];

  constructor(options: { readonly plan: RegionPlan; readonly state?: AirtimeState }) {
    this.#plan = options.plan;
    this.#entries = options.state?.entries ?? [];
  }

  /** Asks to send at `nowMs`, and takes the airtime if that is allowed. Store `state()` before the frame goes out. */
  reserve(transmission: PlannedTransmission, nowMs: UnixMs): AirtimeDecision {
    this.#forget(nowMs);
    const airtimeUs = timeOnAirUs(transmission);
    const refusal =
      this.#refuseByPlan(transmission.frequencyHz) ??
      this.#refuseByDwell(transmission.frequencyHz, airtimeUs, nowMs) ??
      this.#refuseByDutyCycle(transmission.frequencyHz, airtimeUs, nowMs);
    if (refusal !== undefined) return refusal;
    const endMs = nowMs + MAX_START_DELAY_MS + Math.ceil(airtimeUs / 1000);
    this.#entries = [...this.#entries, { frequencyHz: transmission.frequencyHz, airtimeUs, endMs }];
    return { allowed: true, airtimeUs };
  }

  /** The reservations that still count. */
  state(): AirtimeState {
    return { version: 1, entries: this.#entries };
  }

  #refuseByPlan(frequencyHz: number): AirtimeDecision | undefined {
    const { name, beaconingAllowed, transmitRangeHz, dutyCycleBands } = this.#plan;
    if (!beaconingAllowed) {
      return { allowed: false, reason: 'beaconing_not_allowed', advice: REGION_PLAN_TEXTS[name].noBeaconing ?? name };
    }
    const inRange = frequencyHz >= transmitRangeHz.lowerHz && frequencyHz <= transmitRangeHz.upperHz;
    const inBand = dutyCycleBands.length === 0 || dutyCycleBandAt(this.#plan, frequencyHz) !== undefined;
    if (inRange && inBand) return undefined;
    return { allowed: false, reason: 'not_in_plan', advice: `Plan ${name} allows nothing at ${frequencyHz} Hz.` };
  }

  #refuseByDwell(frequencyHz: number, airtimeUs: number, nowMs: number): AirtimeDecision | undefined {
    const dwell = this.#plan.dwell;
    if (dwell === undefined) return undefined;
    const { maxUs, windowMs } = dwell;
    const advice = `Plan ${this.#plan.name} allows ${maxUs / 1000} ms on a channel; the frame takes ${airtimeUs / 1000} ms.`;
    if (windowMs === undefined) {
      return airtimeUs <= maxUs ? undefined : { allowed: false, reason: 'dwell_time', advice };
    }
    const onChannel = this.#entries.filter((entry) => entry.frequencyHz === frequencyHz);
    return refuseAbove(maxUs, windowMs, onChannel, airtimeUs, nowMs, 'dwell_time', advice);
  }

  #refuseByDutyCycle(frequencyHz: number, airtimeUs: number, nowMs: number): AirtimeDecision | undefined {
    const band = dutyCycleBandAt(this.#plan, frequencyHz);
    if (band === undefined) return undefined;
    const inBand = this.#entries.filter((entry) => isIn(band, entry.frequencyHz));
    const advice =
      `${band.permille / 10} % of an hour in ${band.lowerHz / 1e6}–${band.upperHz / 1e6} MHz is used up ` +
      `(plan ${this.#plan.name}).`;
    const limitUs = band.permille * DUTY_CYCLE_WINDOW_MS;
    return refuseAbove(limitUs, DUTY_CYCLE_WINDOW_MS, inBand, airtimeUs, nowMs, 'duty_cycle', advice);
  }

  #forget(nowMs: number): void {
    this.#entries = this.#entries.filter((entry) => entry.endMs > nowMs - DUTY_CYCLE_WINDOW_MS);
  }
}

function isIn(band: DutyCycleBand, frequencyHz: number): boolean {
  return frequencyHz >= band.lowerHz && frequencyHz < band.upperHz;
}

/** Refuses when the window that begins `windowMs` ago already holds too much for one more frame. */
function refuseAbove(
  limitUs: number,
  windowMs: number,
  entries: readonly Entry[],
  airtimeUs: number,
  nowMs: number,
  reason: AirtimeRefusal,
  advice: string,
): AirtimeDecision | undefined {
  const counting = entries.filter((entry) => entry.endMs > nowMs - windowMs).toSorted((a, b) => a.endMs - b.endMs);
  let usedUs = counting.reduce((sum, entry) => sum + entry.airtimeUs, 0);
  if (usedUs + airtimeUs <= limitUs) return undefined;
  if (airtimeUs > limitUs) return { allowed: false, reason, advice };
  for (const entry of counting) {
    usedUs -= entry.airtimeUs;
    if (usedUs + airtimeUs <= limitUs) {
      return { allowed: false, reason, allowedFromMs: unixMs(entry.endMs + windowMs), advice };
    }
  }
  return { allowed: false, reason, advice };
}
