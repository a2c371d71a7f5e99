import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface DataFolder {
  readonly root: string;
  readonly config: string;
  readonly network: string;
  readonly keys: string;
  readonly outbox: string;
  /** Where a running bridge says how it can be asked. */
  readonly statusDoor: string;
}

/** Where everything of a bridge lies: flag, environment, systemd's, XDG's, in this order. */
export function dataFolderOf(
  flags: { readonly data?: string; readonly config?: string },
  environment: Readonly<Record<string, string | undefined>>,
): DataFolder {
  const { SEXTANT_DATA, STATE_DIRECTORY, XDG_DATA_HOME } = environment;
  const share = XDG_DATA_HOME ? join(XDG_DATA_HOME, 'sextant-bridge') : join(homedir(), '.local/share/sextant-bridge');
  // systemd gives a list where there are several state directories.
  const root = resolve(flags.data ?? SEXTANT_DATA ?? STATE_DIRECTORY?.split(':')[0] ?? share);
  return {
    root,
    config: flags.config === undefined ? join(root, 'bridge.toml') : resolve(flags.config),
    network: join(root, 'network.json'),
    keys: join(root, 'keys'),
    outbox: join(root, 'outbox'),
    statusDoor: join(root, 'status.json'),
  };
}
