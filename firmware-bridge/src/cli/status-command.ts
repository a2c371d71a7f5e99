import { fetchStatus, NotRunningError } from '../status/fetch-status.ts';
import { formatStatusJson } from '../status/status-server.ts';
import { formatStatus } from '../status/status-text.ts';
import type { DataFolder } from './data-folder.ts';
import type { Terminal } from './terminal.ts';

/** Prints what a running bridge does. What comes back is the exit code. */
export async function statusCommand(
  flags: Readonly<Record<string, string | true>>,
  folder: DataFolder,
  terminal: Terminal,
): Promise<number> {
  try {
    const status = await fetchStatus(folder.statusDoor);
    terminal.say(flags['json'] === true ? formatStatusJson(status) : formatStatus(status));
    return 0;
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error;
    terminal.complain(
      `No bridge is running on ${folder.root} (${error.message}). Start it:  sextant-bridge run --data ${folder.root}`,
    );
    return 1;
  }
}
