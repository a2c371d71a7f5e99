import type { Clock } from '../../clock.ts';
import { unixMs } from '../../protocol/index.ts';
import type { GatewayEui } from '../gateway-eui.ts';
import type { TxAnswer } from './tx-ack.ts';

export type Answer = TxAnswer | { readonly kind: Failure };
type Failure = 'no_answer' | 'network' | 'stopped';

/** As many as a forwarder queues (sx1302_hal, JIT_QUEUE_MAX). */
const MAX_PENDING_A_GATEWAY = 32;

interface Modules {
  readonly clock: Clock;
  /** A random token, 0…65535. */
  readonly randomToken: () => number;
}

/** Requests that wait for their TX_ACK, found by gateway and token: some gateways answer from their other socket. */
export class PendingAnswers {
  readonly #modules: Modules;
  readonly #byGateway = new Map<GatewayEui, Map<number, (answer: Answer) => void>>();

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  /** A token no pending request of the gateway uses, or undefined when too many wait. */
  freeToken(eui: GatewayEui): number | undefined {
    const pending = this.#byGateway.get(eui);
    if (pending !== undefined && pending.size >= MAX_PENDING_A_GATEWAY) return undefined;
    let token = this.#modules.randomToken() & 0xffff;
    while (pending?.has(token)) token = (token + 1) & 0xffff;
    return token;
  }

  /** Resolves with the gateway's answer, or with `no_answer` after `timeoutMs`: forwarders drop what they dislike silently. */
  async waitFor(eui: GatewayEui, token: number, timeoutMs: number): Promise<Answer> {
    const pending = this.#byGateway.get(eui) ?? new Map<number, (answer: Answer) => void>();
    this.#byGateway.set(eui, pending);
    return new Promise((resolve) => {
      const deadline = unixMs(this.#modules.clock.now() + timeoutMs);
      const cancel = this.#modules.clock.at(deadline, () => this.fail(eui, token, 'no_answer'));
      pending.set(token, (answer) => {
        cancel();
        resolve(answer);
      });
    });
  }

  /** False when nobody waits for it: late, repeated or invented. */
  answer(eui: GatewayEui, token: number, answer: TxAnswer): boolean {
    return this.#settle(eui, token, answer);
  }

  fail(eui: GatewayEui, token: number, failure: Failure): void {
    this.#settle(eui, token, { kind: failure });
  }

  stop(): void {
    for (const [eui, pending] of this.#byGateway) {
      for (const token of pending.keys()) this.fail(eui, token, 'stopped');
    }
  }

  #settle(eui: GatewayEui, token: number, answer: Answer): boolean {
    const pending = this.#byGateway.get(eui);
    const settle = pending?.get(token);
    if (pending === undefined || settle === undefined) return false;
    pending.delete(token);
    settle(answer);
    return true;
  }
}
