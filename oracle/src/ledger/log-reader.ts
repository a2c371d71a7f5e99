import type { Checkpoint } from '@sextant/firmware-bridge/protocol';

/** A checkpoint together with the signed note (C2SP signed-note, UTF-8) that says it. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: Uint8Array;
}

/**
 * Read access to a log, one's own or somebody else's. Bytes that come back may be views of larger buffers: they must
 * not be written to. Indexes and sizes beyond the checkpoint throw `out_of_range`.
 */
export interface LogReader {
  /** The latest synced one. */
  checkpoint(): SignedCheckpoint;
  /** Entries [from, to) in order; `to` is the size of the latest checkpoint unless given. Holds one bundle at a time. */
  entries(from: number, to?: number): AsyncGenerator<Uint8Array, void, undefined>;
  readEntry(leafIndex: number): Promise<Uint8Array>;
  /** RFC 6962 root of the first `size` entries. */
  rootAt(size: number): Promise<Uint8Array>;
  /** RFC 6962 audit path of a leaf in the tree of `size` entries. */
  inclusionProof(leafIndex: number, size: number): Promise<Uint8Array[]>;
  /** RFC 6962 consistency proof; empty when `oldSize` is 0 or equals `newSize`. */
  consistencyProof(oldSize: number, newSize: number): Promise<Uint8Array[]>;
}
