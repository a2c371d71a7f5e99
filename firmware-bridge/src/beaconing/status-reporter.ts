import type { Cancel, Clock } from '../clock.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import { type GatewayStatus, unixMs } from '../protocol/index.ts';
import type { GatewayReading } from '../radio/gateway-driver.ts';
import type { ClockOffset } from './round-book.ts';

export interface StatusReporterModules {
  readonly partition: Pick<OutboxPartition, 'add'>;
  readonly clock: Clock;
  readonly clockOffset: () => ClockOffset | undefined;
  readonly onReported: () => void;
}

const INT32_MAX = 2 ** 31 - 1;

/** A participant's GatewayStatus every few minutes: that it lives, and how its gateway is. */
export class StatusReporter {
  readonly #intervalMs: number;
  readonly #modules: StatusReporterModules;
  #framesReceived = 0;
  #framesSent = 0;
  #reading: GatewayReading | undefined;
  #cancel: Cancel | undefined;

  constructor(intervalMs: number, modules: StatusReporterModules) {
    this.#intervalMs = intervalMs;
    this.#modules = modules;
  }

  start(): void {
    const { clock } = this.#modules;
    this.#cancel = clock.at(unixMs(clock.now() + this.#intervalMs), () => this.#report());
  }

  stop(): void {
    this.#cancel?.();
  }

  frameReceived(): void {
    this.#framesReceived++;
  }

  frameSent(): void {
    this.#framesSent++;
  }

  readingArrived(reading: GatewayReading): void {
    this.#reading = reading;
  }

  async #report(): Promise<void> {
    this.start();
    const { clockOffset, partition, onReported } = this.#modules;
    const offsetMs = clockOffset()?.offsetMs;
    const temperatureDc = this.#reading?.temperatureDc;
    const report: GatewayStatus = {
      kind: 'gateway_status',
      framesReceived: this.#framesReceived,
      framesSent: this.#framesSent,
      gatewaySoftware: this.#reading?.gatewaySoftware ?? '',
      ...(temperatureDc === undefined ? {} : { temperatureDc }),
      gpsLock: this.#reading?.gpsLock ?? false,
      ...(offsetMs === undefined ? {} : { clockOffsetMs: Math.max(-INT32_MAX, Math.min(offsetMs, INT32_MAX)) }),
    };
    this.#framesReceived = 0;
    this.#framesSent = 0;
    const stored = partition.add([report]);
    onReported();
    await stored;
  }
}
