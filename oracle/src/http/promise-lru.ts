/** Keeps what is costly to make, for the keys asked about last. Makes each once at a time; a failure is not kept. */
export class PromiseLru<Key, Value> {
  readonly #max: number;
  readonly #entries = new Map<Key, Promise<Value>>();

  constructor(max: number) {
    this.#max = max;
  }

  async get(key: Key, make: () => Promise<Value>): Promise<Value> {
    const entry = this.#entries.get(key) ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#max && oldest !== undefined) this.#entries.delete(oldest);
    try {
      return await entry;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }
}
