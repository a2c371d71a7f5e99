/**
 * What the ledger needs of a disk, and no more: the seam where tests put a disk that fails and forgets. Paths are those
 * of the operating system. Failures carry the system's `code` (`ENOENT`, `EEXIST`, `ENOSPC`, …).
 */
export interface FileSystem {
  /** Makes a new file and opens it for appending; fails with `EEXIST`. The name is durable after `syncDirectory`. */
  create(path: string): Promise<AppendFile>;
  /** The whole file; fails with `ENOENT`, or with `EFBIG` when it has more than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /** Cuts the file to `size` bytes. Durable after `sync`. */
  truncate(path: string, size: number): Promise<void>;
  /** Makes the file's bytes durable. */
  sync(path: string): Promise<void>;
  /** Atomically gives the file a new name, replacing what had it. Durable after `syncDirectory` of both folders. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or an empty folder; fails with `ENOENT`. */
  remove(path: string): Promise<void>;
  /** Names in the folder, sorted by code unit; empty when there is no such folder. */
  list(path: string): Promise<string[]>;
  /** Makes the folder, and those above it, where they are missing; their names are durable when it returns. */
  makeDirectory(path: string): Promise<void>;
  /** Makes the names in the folder durable. */
  syncDirectory(path: string): Promise<void>;
}

export interface AppendFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Makes everything appended so far durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
