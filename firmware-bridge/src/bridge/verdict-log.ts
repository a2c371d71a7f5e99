import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import {
  bytesToHex,
  decodeVerdict,
  type Outcome,
  type Reason,
  type SubjectKind,
  type UnixMs,
} from '../protocol/index.ts';

export interface VerdictLine {
  readonly receivedAtMs: UnixMs;
  readonly subject: SubjectKind;
  readonly round: number;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly final: boolean;
  readonly reportId: string;
  /** The comparison that decided, as text: `signal_power −61.0 dBm, limit −80.0`. */
  readonly numbers: readonly string[];
}

export interface VerdictLogStatus {
  readonly received: Readonly<Partial<Record<Outcome, number>>>;
  /** Newest first. */
  readonly last: readonly VerdictLine[];
}

const KEPT = 20;

/** The verdicts a participant was sent: counted, and the last ones kept for the owner to see. */
export class VerdictLog {
  readonly #modules: { readonly clock: Clock; readonly logger: Logger };
  readonly #received = new Map<Outcome, number>();
  #last: readonly VerdictLine[] = [];

  constructor(modules: { readonly clock: Clock; readonly logger: Logger }) {
    this.#modules = modules;
  }

  /** Bytes from the verdict topic; what is no verdict is left out. */
  take(bytes: Uint8Array): void {
    const decoded = decodeVerdict(bytes);
    if (!decoded.ok) return;
    const { verdict, final } = decoded.value;
    const { subject, round, outcome, reason, checks } = verdict;
    this.#received.set(outcome, (this.#received.get(outcome) ?? 0) + 1);
    const numbers = checks
      .filter(({ margin }) => margin !== undefined && margin < 0)
      .map(({ check, observed, limit, unit }) => `${check}: ${observed ?? '?'} ${unit}, limit ${limit ?? '?'}`);
    const line = { receivedAtMs: this.#modules.clock.now(), subject, round, outcome, reason, final, numbers };
    this.#last = [{ ...line, reportId: bytesToHex(verdict.reportId) }, ...this.#last].slice(0, KEPT);
    const level = outcome === 'invalid' ? 'warn' : 'debug';
    this.#modules.logger[level]({ subject, round, reason, final, numbers }, `verdict: ${outcome}`);
  }

  status(): VerdictLogStatus {
    return { received: Object.fromEntries(this.#received), last: this.#last };
  }
}
