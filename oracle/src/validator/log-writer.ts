/** Where a group-committed, append-only log takes entries; a promise resolves after the entry is on the disk. */
export interface LogWriter<Appended> {
  append(entry: Uint8Array): Promise<Appended>;
  /**
   * Appends an entry whose place is its meaning: behind everything appended before the call, ahead of everything
   * appended after it, also when the disk fails in between. It is tried again until it is stored.
   */
  appendRecord(entry: Uint8Array): Promise<Appended>;
}
