import type { UnixMs } from '../protocol/index.ts';

/** Where a GNSS receiver says it is. Never leaves the bridge: only the cell is reported. */
export interface PositionFix {
  /** When it reached the bridge, by the bridge's clock. */
  readonly atMs: UnixMs;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Satellites used in the solution. */
  readonly satellites: number;
  /** Horizontal dilution of precision, tenths. */
  readonly hdopTenths: number;
  /** Decimetres a second. */
  readonly speedDmps: number;
}

/** Tells the place of a survey device. */
export interface PositionSource {
  start(): void;
  stop(): Promise<void>;
  /** The newest fix, however old; undefined when there was none. */
  latest(): PositionFix | undefined;
  /** What is wrong with the receiver, in words; undefined when nothing is. */
  problem(): string | undefined;
}

/** A car does 80 m in this time at city speed: a fifth of a cell of resolution 9. */
const STALE_AFTER_MS = 6_000;
/** TTN Mapper refuses fixes beyond these (ingress-api, data_validator.go); the network's rule set 1 likewise. */
const MIN_SATELLITES = 4;
const MAX_HDOP_TENTHS = 50;
/** Rule set 1: 180 km/h. */
const MAX_SPEED_DMPS = 500;

/** Why a fix may not be used, in words; undefined when it may. */
export function findFixProblem(fix: PositionFix | undefined, nowMs: UnixMs): string | undefined {
  if (!fix) return 'the receiver has no position yet';
  const ageMs = nowMs - fix.atMs;
  if (ageMs > STALE_AFTER_MS) return `the last position is ${Math.round(ageMs / 1_000)} s old`;
  if (fix.satellites < MIN_SATELLITES)
    return `only ${fix.satellites} satellites are used (${MIN_SATELLITES} are needed)`;
  if (fix.hdopTenths > MAX_HDOP_TENTHS) return `the position is vague: HDOP ${fix.hdopTenths / 10}, 5 is the limit`;
  if (fix.speedDmps > MAX_SPEED_DMPS) return `too fast for a survey: ${Math.round(fix.speedDmps * 0.36)} km/h`;
  return undefined;
}
