import { Counter, Gauge, type Registry } from 'prom-client';
import { SETTLEMENT_STATES, type SettlementStatus } from './settlement-state.ts';

/** Every figure of settlement on `/metrics`. */
export class SettlementMetrics {
  readonly #state: Gauge<'state'>;
  readonly #epoch: Gauge;
  readonly #referenceBlock: Gauge;
  readonly #transactions: Counter<'call' | 'outcome'>;
  readonly #bumps: Counter;
  readonly #endpointFaults: Counter<'endpoint' | 'fault'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#state = new Gauge({
      name: 'sextant_settlement_state',
      help: '1 for the state settlement is in, 0 for the others',
      labelNames: ['state'],
      registers,
    });
    this.#epoch = new Gauge({
      name: 'sextant_settlement_next_epoch',
      help: 'The epoch to be settled next; everything before it is activated on the chain',
      registers,
    });
    this.#referenceBlock = new Gauge({
      name: 'sextant_settlement_reference_block',
      help: 'Number of the newest block that counts as final',
      registers,
    });
    this.#transactions = new Counter({
      name: 'sextant_settlement_transactions_total',
      help: 'Transactions by call, and what became of them: sent, succeeded, failed, displaced (its nonce went to another)',
      labelNames: ['call', 'outcome'],
      registers,
    });
    this.#bumps = new Counter({
      name: 'sextant_settlement_fee_bumps_total',
      help: 'Times a transaction was sent again with a higher fee',
      registers,
    });
    this.#endpointFaults = new Counter({
      name: 'sextant_settlement_endpoint_faults_total',
      help: 'Answers of a chain endpoint that could not be used: down, wrong_chain, disagrees',
      labelNames: ['endpoint', 'fault'],
      registers,
    });
  }

  status({ state, epoch }: SettlementStatus): void {
    for (const one of SETTLEMENT_STATES) this.#state.set({ state: one }, one === state ? 1 : 0);
    this.#epoch.set(epoch);
  }

  reference(block: bigint): void {
    this.#referenceBlock.set(Number(block));
  }

  transaction(call: string, outcome: 'sent' | 'succeeded' | 'failed' | 'displaced'): void {
    this.#transactions.inc({ call, outcome });
  }

  bumped(): void {
    this.#bumps.inc();
  }

  endpointFault(endpoint: string, fault: EndpointFault): void {
    this.#endpointFaults.inc({ endpoint, fault });
  }
}

export type EndpointFault = 'down' | 'wrong_chain' | 'disagrees';
