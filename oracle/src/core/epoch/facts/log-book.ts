import { equalBytes, type Genesis, type ValidatorRecord } from '@sextant/firmware-bridge/protocol';
import type { LogState, Network } from '../state/epoch-state.ts';

/** Where an entry stands. */
export interface LogPosition {
  readonly origin: string;
  /** From 0. */
  readonly index: number;
}

/** A log while its epoch is open. */
export interface OpenLog {
  readonly origin: string;
  /** Place of its keeper in the validator set; −1: it belongs to no network of ours. */
  keeper: number;
  nextIndex: number;
  lastClosedSlot: number;
}

const PRINTABLE = /^[!-~]{1,200}$/;

/** How far each log has been read. */
export class LogBook {
  readonly #network: Network;
  readonly #logs = new Map<string, OpenLog>();

  constructor(network: Network, logs: readonly LogState[]) {
    this.#network = network;
    for (const { origin, validator, size, lastClosedSlot } of logs) {
      this.#logs.set(origin, { origin, keeper: validator, nextIndex: size, lastClosedSlot });
    }
  }

  /** The log an entry stands in. Throws RangeError when it is not the log's next entry: positions decide verdicts. */
  next({ origin, index }: LogPosition): OpenLog {
    const log = this.#logs.get(origin) ?? this.#newLog(origin);
    if (log.nextIndex !== index) throw new RangeError(`${origin}: entry ${index} came where ${log.nextIndex} is next`);
    log.nextIndex++;
    return log;
  }

  #newLog(origin: string): OpenLog {
    if (!PRINTABLE.test(origin)) throw new RangeError('the origin of a log is printable ASCII without blanks');
    const log = { origin, keeper: -1, nextIndex: 0, lastClosedSlot: -1 };
    this.#logs.set(origin, log);
    return log;
  }

  /** A log's first entry is its keeper's genesis record of this very network. */
  findKeeper(record: ValidatorRecord): number {
    if (record.kind !== 'genesis' || !isGenesisOf(this.#network, record)) return -1;
    return this.validatorOf(record.validator);
  }

  /** Place in the validator set, −1 = none. */
  validatorOf(key: Uint8Array): number {
    return this.#network.validators.findIndex((entry) => equalBytes(entry.logKey, key));
  }

  /** By origin. */
  logs(): OpenLog[] {
    return [...this.#logs.values()].sort((a, b) => (a.origin < b.origin ? -1 : 1));
  }
}

function isGenesisOf(network: Network, genesis: Genesis): boolean {
  const { timing, validators } = network;
  const lengths = Object.keys(timing) as (keyof typeof timing)[];
  return (
    genesis.networkId === network.networkId &&
    genesis.ruleSet === network.ruleSet &&
    equalBytes(genesis.ruleSetId, network.ruleSetId) &&
    lengths.every((name) => genesis.timing[name] === timing[name]) &&
    genesis.validators.length === validators.length &&
    genesis.validators.every((entry, i) => {
      const ours = validators[i];
      return (
        ours !== undefined &&
        equalBytes(entry.logKey, ours.logKey) &&
        equalBytes(entry.chainAnchor, ours.chainAnchor) &&
        equalBytes(entry.owner, ours.owner) &&
        entry.firstRound === ours.firstRound
      );
    })
  );
}
