import type { Group } from './group-frame.ts';
import type { RecoveryFacts } from './segment-recovery.ts';

/**
 * What a log is kept in. The folder is the one implementation; an object store is another one of the same shape: a
 * group or a tile is one object, and "durable" is what a successful write means there anyway.
 */
export interface LogStorage {
  readonly groups: GroupStore;
  readonly objects: ObjectStore;
  /** Throws `lock_lost` when another process has taken the log over. */
  assertStillOwned(): Promise<void>;
  /** Gives the log free for others. */
  release(): Promise<void>;
}

/** The groups whose tiles may not be durable yet: what a crash is recovered from. */
export interface GroupStore {
  /** Cuts what no receipt can rest on, then gives every group in order. Throws `ledger_corrupt` when one is missing. */
  recover(facts: RecoveryFacts): AsyncIterable<Group>;
  /** Durable when it returns; when it throws `storage_unavailable`, the group is not and will not be there. */
  append(group: { readonly firstLeaf: number; readonly endLeaf: number }, frame: Uint8Array): Promise<void>;
  /** True when `retire` would free something. */
  canRetire(beforeLeaf: number): boolean;
  /** Gives up groups whose leaves are all below `beforeLeaf`. The newest group is always kept. */
  retire(beforeLeaf: number): Promise<void>;
  close(): Promise<void>;
}

/** Where a log's public files are read from: a folder here, or somebody's web server. */
export interface ObjectSource {
  /** The object, or undefined when there is none. Refuses with `malformed` what has more than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
}

/**
 * When an object must survive a power loss: not at all (it is written anew after one), after the next `makeDurable`, or
 * before `write` returns.
 */
export type Durability = 'none' | 'later' | 'now';

/** The public files of a log: tiles, entry bundles and the checkpoint. Readers never see half of one. */
export interface ObjectStore extends ObjectSource {
  write(path: string, bytes: Uint8Array, durability: Durability): Promise<void>;
  /** Removes a folder of objects; nothing happens when there is none. */
  removeAll(folder: string): Promise<void>;
  /** Makes everything durable that was written for `later` before the call. Others may go on writing meanwhile. */
  makeDurable(): Promise<void>;
}
