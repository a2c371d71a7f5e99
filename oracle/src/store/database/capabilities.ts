import { codeOf, messageOf } from '../store-error.ts';
import { withClient } from './create-database.ts';
import type { DatabaseServer } from './server.ts';

/** What the server can do, found out by asking it, never by its name. */
export interface DatabaseCapabilities {
  /** e.g. `18.4`. */
  readonly version: string;
  readonly major: number;
  /** Usable in our database; absent: `timescaleHindrance` says why, and native partitions do its work. */
  readonly timescale?: {
    readonly version: string;
    /** `timescale`: the community licence with the columnstore; `apache`: without. */
    readonly license: 'apache' | 'timescale';
  };
  readonly timescaleHindrance?: string;
}

interface Settings {
  readonly version_number: number;
  readonly version: string;
  readonly available: string | null;
  readonly installed: string | null;
  readonly license: string | null;
}

const ASK = `
  SELECT current_setting('server_version_num')::int AS version_number,
         current_setting('server_version') AS version,
         (SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb') AS available,
         (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS installed,
         current_setting('timescaledb.license', true) AS license`;

/** Asks the server; creates the TimescaleDB extension in our database when it is there and we may. */
export async function probeCapabilities(server: DatabaseServer): Promise<DatabaseCapabilities> {
  const before = await askSettings(server);
  const major = Math.floor(before.version_number / 10_000);
  const version = before.version.split(' ')[0] ?? before.version;
  if (before.available === null) return { version, major, timescaleHindrance: 'the server does not have it' };
  const hindrance = before.installed === null ? await createExtension(server) : undefined;
  if (hindrance !== undefined) return { version, major, timescaleHindrance: hindrance };
  const after = await askSettings(server);
  if (after.installed === null) return { version, major, timescaleHindrance: 'it could not be created' };
  const license = after.license === 'timescale' ? 'timescale' : 'apache';
  return { version, major, timescale: { version: after.installed, license } };
}

async function askSettings(server: DatabaseServer): Promise<Settings> {
  return withClient(server, 'ours', async (client) => {
    const { rows } = await client.query<Settings>(ASK);
    const [settings] = rows;
    if (settings === undefined) throw new Error('the server did not answer about its settings');
    return settings;
  });
}

/** Why not, or undefined. Without preloading the server ends the connection, hence one of its own. */
async function createExtension(server: DatabaseServer): Promise<string | undefined> {
  try {
    await withClient(server, 'ours', (client) => client.query('CREATE EXTENSION IF NOT EXISTS timescaledb'));
    return undefined;
  } catch (error) {
    if (codeOf(error) === '42501') return 'this user may not create it: CREATE EXTENSION timescaledb as a superuser';
    if (/preload/.test(messageOf(error))) return 'it is not in shared_preload_libraries';
    return messageOf(error);
  }
}
