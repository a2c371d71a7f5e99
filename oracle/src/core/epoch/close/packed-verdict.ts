import {
  CHECK_UNITS,
  type Check,
  type CheckUnit,
  OUTCOMES,
  type Outcome,
  REASONS,
  type Reason,
  SUBJECT_KINDS,
  type SubjectKind,
  type Verdict,
} from '@sextant/firmware-bridge/protocol';
import type { VarintWriter } from './varint-writer.ts';

/** What the verdicts of one list have in common: keys and names of checks, each kept once. */
export interface VerdictNames {
  numberOfKey(key: Uint8Array): number;
  keyOf(number: number): Uint8Array;
  numberOfCheck(name: string): number;
  checkOf(number: number): string;
}

const SUBJECTS = Object.keys(SUBJECT_KINDS) as SubjectKind[];
const OUTCOME_NAMES = Object.keys(OUTCOMES) as Outcome[];
const REASON_NAMES = Object.keys(REASONS) as Reason[];
/** In the order they are packed. */
const NUMBERS = ['observed', 'limit', 'margin'] as const;

/** About a hundred bytes, for a list of hundreds of thousands: everything of a verdict but its report's id. */
export function packVerdict(verdict: Verdict, names: VerdictNames, into: VarintWriter): Uint8Array {
  into.clear();
  into.write(SUBJECTS.indexOf(verdict.subject));
  into.write(OUTCOME_NAMES.indexOf(verdict.outcome));
  into.write(REASON_NAMES.indexOf(verdict.reason));
  into.write(names.numberOfKey(verdict.reporter));
  into.write(verdict.sender ? names.numberOfKey(verdict.sender) + 1 : 0);
  into.write(verdict.round);
  for (const { check, unit, observed, limit, margin } of verdict.checks) {
    const present = (observed === undefined ? 0 : 1) + (limit === undefined ? 0 : 2) + (margin === undefined ? 0 : 4);
    into.write(names.numberOfCheck(check));
    into.write(CHECK_UNITS.indexOf(unit) * 8 + present);
    if (observed !== undefined) into.write(zigzag(observed));
    if (limit !== undefined) into.write(zigzag(limit));
    if (margin !== undefined) into.write(zigzag(margin));
  }
  return into.bytes();
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function unpackVerdict(bytes: Uint8Array, reportId: Uint8Array, names: VerdictNames): Verdict {
  const numbers = readVarints(bytes);
  let at = 0;
  const next = (): number => numbers[at++] as number;
  const subject = SUBJECTS[next()] as SubjectKind;
  const outcome = OUTCOME_NAMES[next()] as Outcome;
  const reason = REASON_NAMES[next()] as Reason;
  const reporter = names.keyOf(next());
  const sender = next();
  const round = next();
  const checks: Check[] = [];
  while (at < numbers.length) {
    const check = names.checkOf(next());
    const code = next();
    const unit = CHECK_UNITS[Math.floor(code / 8)] as CheckUnit;
    const values = NUMBERS.filter((_, i) => ((code >> i) & 1) === 1).map((name) => [name, signed(next())] as const);
    checks.push({ check, ...Object.fromEntries(values), unit });
  }
  return {
    subject,
    reportId,
    reporter,
    ...(sender > 0 ? { sender: names.keyOf(sender - 1) } : {}),
    round,
    outcome,
    reason,
    checks,
  };
}

function signed(zigzag: number): number {
  return zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
}

function readVarints(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let factor = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte > 0x7f) continue;
    numbers.push(value);
    value = 0;
    factor = 1;
  }
  return numbers;
}
