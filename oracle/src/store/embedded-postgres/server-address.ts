import pg from 'pg';
import { codeOf } from '../store-error.ts';
import { CLUSTER_NAME } from './cluster.ts';

/** How to log in to the private server: a unix socket's folder, and the number in the socket's name. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export const addressOf = (socketDirectory: string, password: string): ServerAddress => ({
  host: socketDirectory,
  port: 5432,
  user: CLUSTER_NAME,
  password,
});

/** `locked_out`: it runs, and does not take our password. */
export type DataDirectoryAnswer = { readonly directory: string } | 'no_answer' | 'locked_out';

/** The data folder of the server at the address, asked over a connection. */
export async function askDataDirectory(address: ServerAddress): Promise<DataDirectoryAnswer> {
  try {
    return await withMaintenanceClient(address, async (client) => {
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      const directory = rows[0]?.data_directory;
      return directory === undefined ? 'no_answer' : { directory };
    });
  } catch (error) {
    return codeOf(error) === '28P01' ? 'locked_out' : 'no_answer';
  }
}

async function withMaintenanceClient<T>(address: ServerAddress, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...address, database: 'postgres', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
