import type { JudgedLog } from './judge-loop.ts';
import type { QuestionDesk } from './question-desk.ts';

/** Entries a question: bounds what is copied between the threads at a time. */
const CHUNK_ENTRIES = 256;

/** The log of the main thread, as the judge's thread reads it. */
export class RemoteLog implements JudgedLog {
  readonly #origin: string;
  readonly #desk: QuestionDesk;
  #size: number;

  constructor(origin: string, size: number, desk: QuestionDesk) {
    this.#origin = origin;
    this.#size = size;
    this.#desk = desk;
  }

  checkpoint(): { readonly origin: string; readonly size: number } {
    return { origin: this.#origin, size: this.#size };
  }

  /** The main thread says that the log has grown. */
  grown(size: number): void {
    this.#size = Math.max(this.#size, size);
  }

  async *entries(from: number, to: number): AsyncGenerator<Uint8Array> {
    for (let next = from; next < to; ) {
      const entries = await this.#desk.ask({ kind: 'read', from: next, most: Math.min(CHUNK_ENTRIES, to - next) });
      if (entries.length === 0) throw new Error(`the log gave nothing at entry ${next}`);
      yield* entries;
      next += entries.length;
    }
  }

  async rootAt(size: number): Promise<Uint8Array> {
    const [root] = await this.#desk.ask({ kind: 'root', size });
    if (!root) throw new Error(`the log has no root at ${size}`);
    return root;
  }
}
