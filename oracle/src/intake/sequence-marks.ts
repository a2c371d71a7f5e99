import type { BatchName } from './batch-name.ts';

/** So many are kept in memory; the others are on disk. */
const KEPT_MAX = 65_536;

/** Which batch this is: two with one payload hash have one name too. */
export interface NamedBatch {
  readonly signer: Uint8Array;
  readonly name: BatchName;
  readonly payloadHash: Uint8Array;
}

/**
 * The highest sequence logged of each (hotspot, incarnation): a batch above it cannot be a repeat, and in ordinary
 * operation every batch is, so that nothing is looked up for it. Keys are those of the admission index, as text.
 */
export class SequenceMarks {
  readonly #marks = new Map<string, number>();
  readonly #unwritten = new Map<string, number>();

  /** The mark; −1 when nothing was logged; undefined when only the disk knows. */
  find(key: string): number | undefined {
    return this.#marks.get(key);
  }

  /** What the disk said; a mark raised meanwhile stays. */
  learn(key: string, sequence: number): void {
    if (!this.#marks.has(key)) this.#keep(key, sequence);
  }

  /** A batch with this sequence was logged. Where the mark is not known, everything is looked up from now on. */
  raise(key: string, sequence: number): void {
    const mark = this.#marks.get(key);
    if (mark !== undefined && mark >= sequence) return;
    const raised = mark === undefined ? Number.MAX_SAFE_INTEGER : sequence;
    this.#keep(key, raised);
    this.#unwritten.set(key, raised);
  }

  /** Marks raised and not yet on disk, and what forgets them once they are. */
  unwritten(): { readonly entries: readonly (readonly [string, number])[]; readonly forget: () => void } {
    const entries = [...this.#unwritten];
    return {
      entries,
      forget: () => {
        for (const [key, sequence] of entries) {
          if (this.#unwritten.get(key) === sequence) this.#unwritten.delete(key);
        }
      },
    };
  }

  #keep(key: string, sequence: number): void {
    this.#marks.set(key, sequence);
    if (this.#marks.size <= KEPT_MAX) return;
    for (const oldest of this.#marks.keys()) {
      if (this.#unwritten.has(oldest)) continue;
      this.#marks.delete(oldest);
      return;
    }
  }
}

/** 40 bytes: signer ‖ incarnation. */
export function markKey(signer: Uint8Array, incarnation: bigint): string {
  const key = Buffer.allocUnsafe(40);
  key.set(signer);
  key.writeBigUInt64BE(incarnation, 32);
  return key.toString('latin1');
}
