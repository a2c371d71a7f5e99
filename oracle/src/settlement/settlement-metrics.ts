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
  readonly #registryBlock: Gauge;
  readonly #registryEpochs: Counter<'outcome'>;

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
    this.#registryBlock = new Gauge({
      name: 'sextant_registry_recorded_block',
      help: 'Number of the block up to which the log has what the hotspot registry says',
      registers,
    });
    this.#registryEpochs = new Counter({
      name: 'sextant_registry_epochs_total',
      help: 'Epochs cut with a newly read registry (read), or with the reference block of the epoch before (kept)',
      labelNames: ['outcome'],
      registers,
    });
  }

  /** Up to where the registry is recorded in the log. */
  registryBlock(block: number): void {
    this.#registryBlock.set(block);
  }

  registryEpoch(outcome: 'read' | 'kept'): void {
    this.#registryEpochs.inc({ outcome });
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
