import type { Logger } from 'pino';
import type { GatewayEui } from '../gateway-eui.ts';
import type { DatagramRefusal } from './datagram.ts';
import type { PushDataRefusal } from './push-data.ts';

/** Everything the driver can drop, by reason. */
export type Refusal = DatagramRefusal | PushDataRefusal | 'unknown_gateway' | 'unexpected_tx_ack';

/** The one place that counts and logs what the driver drops: each reason loudly once, then quietly. */
export class RefusalCounts {
  readonly #logger: Logger;
  readonly #counts = new Map<Refusal, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  count(reason: Refusal, eui?: GatewayEui): void {
    const before = this.#counts.get(reason) ?? 0;
    this.#counts.set(reason, before + 1);
    const level = before === 0 ? 'info' : 'debug';
    this.#logger[level]({ reason, eui, count: before + 1 }, 'dropped');
  }

  counts(): ReadonlyMap<Refusal, number> {
    return this.#counts;
  }
}
