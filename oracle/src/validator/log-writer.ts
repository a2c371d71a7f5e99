/** Where a group-committed, append-only log takes entries; a promise resolves after the entry is on the disk. */
export interface LogWriter<Appended> {
  append(entry: Uint8Array): Promise<Appended>;
}
