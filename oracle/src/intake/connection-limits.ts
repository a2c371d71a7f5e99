export interface ConnectionLimitsOptions {
  readonly total: number;
  readonly perAddress: number;
}

/** Room for the largest network one process serves, and for a site with hundreds of gateways behind one address. */
export const DEFAULT_CONNECTION_LIMITS: ConnectionLimitsOptions = { total: 10_000, perAddress: 1_000 };

/** Counts open connections. */
export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
  }

  /** Counts a new connection in, or says which limit it would break. */
  enter(address: string): 'too_many_connections' | 'too_many_from_address' | undefined {
    if (this.#total >= this.#options.total) return 'too_many_connections';
    const here = this.#byAddress.get(address) ?? 0;
    if (here >= this.#options.perAddress) return 'too_many_from_address';
    this.#total += 1;
    this.#byAddress.set(address, here + 1);
    return undefined;
  }

  leave(address: string): void {
    const here = this.#byAddress.get(address) ?? 0;
    this.#total -= 1;
    if (here <= 1) this.#byAddress.delete(address);
    else this.#byAddress.set(address, here - 1);
  }
}
