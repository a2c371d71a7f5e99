import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { type BeaconParameters, bytesToHex, type UnixMs } from '../protocol/index.ts';
import { MISS_TEXTS, type Miss, type MissReason } from './miss.ts';
import type { TransmissionReport } from './pending-reveals.ts';

export interface BeaconDiaryStatus {
  readonly sent: number;
  readonly revealed: number;
  readonly missed: Readonly<Partial<Record<MissReason, number>>>;
  readonly next?: { readonly roundOrIndex: number; readonly atMs: UnixMs };
  readonly lastSent?: {
    readonly roundOrIndex: number;
    readonly sentAtMs: UnixMs;
    readonly frequencyHz: number;
    readonly spreadingFactor: number;
    readonly txPowerRequestedDdbm: number;
    readonly txPowerActualDdbm?: number;
    readonly tag: string;
  };
  readonly lastMissed?: {
    readonly roundOrIndex: number;
    readonly atMs: UnixMs;
    readonly reason: MissReason;
    readonly text: string;
  };
}

/** Part of a normal life: nothing an owner should do. */
const EXPECTED: ReadonlySet<MissReason> = new Set(['no_assertion_in_force', 'assertion_changing', 'no_chain_anchor']);

/** The one place that counts and logs what became of a participant's own transmissions. */
export class BeaconDiary {
  readonly #modules: { readonly clock: Clock; readonly logger: Logger };
  readonly #missed = new Map<MissReason, number>();
  #sent = 0;
  #revealed = 0;
  readonly #planned = new Map<number, UnixMs>();
  #lastSent: BeaconDiaryStatus['lastSent'];
  #lastMissed: BeaconDiaryStatus['lastMissed'];
  #lastTold: MissReason | undefined;

  constructor(modules: { readonly clock: Clock; readonly logger: Logger }) {
    this.#modules = modules;
  }

  planned(roundOrIndex: number, atMs: UnixMs, parameters: BeaconParameters): void {
    this.#planned.set(roundOrIndex, atMs);
    const { slotInRound, spreadingFactor } = parameters;
    this.#modules.logger.debug({ roundOrIndex, atMs, slotInRound, spreadingFactor }, 'transmission planned');
  }

  sent(roundOrIndex: number, report: TransmissionReport): void {
    this.#sent++;
    this.#lastTold = undefined;
    this.#planned.delete(roundOrIndex);
    const { sentAtMs, frequencyHz, spreadingFactor, txPowerRequestedDdbm, txPowerActualDdbm, phyPayload } = report;
    const power = txPowerActualDdbm === undefined ? {} : { txPowerActualDdbm };
    const tag = bytesToHex(phyPayload.subarray(3, 7));
    this.#lastSent = { roundOrIndex, sentAtMs, frequencyHz, spreadingFactor, txPowerRequestedDdbm, ...power, tag };
    this.#modules.logger.info(
      { roundOrIndex, mhz: frequencyHz / 1e6, spreadingFactor, requestedDdbm: txPowerRequestedDdbm, ...power },
      report.kind === 'beacon' ? 'beacon sent' : 'survey transmission sent',
    );
  }

  missed(roundOrIndex: number, { reason, detail }: Miss): void {
    this.#planned.delete(roundOrIndex);
    const text = detail === undefined ? MISS_TEXTS[reason] : `${MISS_TEXTS[reason]}. ${detail}`;
    this.#missed.set(reason, (this.#missed.get(reason) ?? 0) + 1);
    this.#lastMissed = { roundOrIndex, atMs: this.#modules.clock.now(), reason, text };
    // The same reason again is no news: the status counts it.
    const isNews = reason !== this.#lastTold;
    this.#lastTold = reason;
    const level = !isNews ? 'debug' : EXPECTED.has(reason) ? 'info' : 'warn';
    this.#modules.logger[level]({ roundOrIndex, reason }, `nothing sent: ${text}`);
  }

  revealed(report: TransmissionReport): void {
    this.#revealed++;
    this.#modules.logger.debug({ kind: report.kind }, 'transmission revealed');
  }

  status(): BeaconDiaryStatus {
    const [next] = [...this.#planned].sort((a, b) => a[1] - b[1]);
    return {
      sent: this.#sent,
      revealed: this.#revealed,
      missed: Object.fromEntries(this.#missed),
      ...(next ? { next: { roundOrIndex: next[0], atMs: next[1] } } : {}),
      ...(this.#lastSent ? { lastSent: this.#lastSent } : {}),
      ...(this.#lastMissed ? { lastMissed: this.#lastMissed } : {}),
    };
  }
}
