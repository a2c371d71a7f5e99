import pg from 'pg';
import { codeOf } from '../store-error.ts';
import type { DatabaseServer } from './server.ts';

/** A connection of its own, outside the pool, closed whatever happens. */
export async function withClient<T>(
  server: DatabaseServer,
  target: 'ours' | 'maintenance',
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...server.login(target), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the database when the server does not have it. Throws what PostgreSQL says when we may not. */
export async function createDatabaseIfMissing(server: DatabaseServer): Promise<void> {
  try {
    await withClient(server, 'ours', (client) => client.query('SELECT 1'));
  } catch (error) {
    if (codeOf(error) !== '3D000') throw error;
    await createDatabase(server, error);
  }
}

async function createDatabase(server: DatabaseServer, missing: unknown): Promise<void> {
  try {
    await withClient(server, 'maintenance', (client) =>
      client.query(`CREATE DATABASE ${client.escapeIdentifier(server.database)}`),
    );
  } catch (error) {
    // Another process was faster: duplicate_database, or the catalogue's unique index.
    if (codeOf(error) === '42P04' || codeOf(error) === '23505') return;
    if (codeOf(error) === '42501' || codeOf(error) === '28000') throw missing;
    throw error;
  }
}
