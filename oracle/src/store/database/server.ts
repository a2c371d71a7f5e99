import pg from 'pg';
import { CLUSTER_NAME } from '../embedded-postgres/cluster.ts';
import {
  EMBEDDED_POSTGRES_DEFAULTS,
  type EmbeddedPostgres,
  type EmbeddedPostgresModules,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../embedded-postgres/embedded-postgres.ts';
import { StoreError } from '../store-error.ts';

/** Where the database is, whoever runs it. */
export interface DatabaseServer {
  /** For people; holds no secret. */
  readonly where: string;
  /** The private server, when this process keeps it. */
  readonly embedded?: EmbeddedPostgres;
  /** Starts a private server, here or in the thread that keeps it, when it does not run. */
  readonly ensureRunning?: () => Promise<unknown>;
  /** How to log in; `maintenance` = to the database every server has, to create ours from. */
  readonly login: (target: 'ours' | 'maintenance') => pg.ClientConfig;
  readonly database: string;
}

/** A private server that another thread keeps: where it listens, and how to ask its keeper. */
export interface AttachedServer {
  /** Folder of the unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The password of now: it is another one after the cluster had to be made anew. */
  password(): Promise<string>;
  ensureRunning(): Promise<unknown>;
}

export interface DatabaseServerOptions {
  /** `postgresql://user:password@host:5432/name`. Absent: a private server below `dataDirectory`. */
  readonly url?: string;
  readonly dataDirectory: string;
  /** The private server of `dataDirectory`, kept by another thread. */
  readonly attached?: AttachedServer;
  /** Of the private server; what is absent has its default. */
  readonly embedded?: Partial<Omit<EmbeddedPostgresOptions, 'dataDirectory'>>;
}

/** Finds the server in `url`, or starts the private one. Throws StoreError with the next step. */
export async function findServer(
  options: DatabaseServerOptions,
  modules: EmbeddedPostgresModules,
): Promise<DatabaseServer> {
  if (options.url !== undefined) return externalServer(options.url);
  const { dataDirectory, attached } = options;
  if (attached !== undefined) return attachedServer(dataDirectory, attached);
  const embedded = await startEmbeddedPostgres(
    { ...EMBEDDED_POSTGRES_DEFAULTS, ...options.embedded, dataDirectory },
    modules,
  );
  const { host, port, user } = embedded.address();
  return {
    where: `the embedded database in ${dataDirectory}`,
    embedded,
    ensureRunning: () => embedded.ensureRunning(),
    database: CLUSTER_NAME,
    login: (target) => ({
      host,
      port,
      user,
      password: () => embedded.address().password,
      database: target === 'ours' ? CLUSTER_NAME : 'postgres',
    }),
  };
}

function attachedServer(dataDirectory: string, attached: AttachedServer): DatabaseServer {
  const { host, port, user } = attached;
  return {
    where: `the embedded database in ${dataDirectory}`,
    ensureRunning: () => attached.ensureRunning(),
    database: CLUSTER_NAME,
    login: (target) => ({
      host,
      port,
      user,
      password: () => attached.password(),
      database: target === 'ours' ? CLUSTER_NAME : 'postgres',
    }),
  };
}

/** How other threads reach the private server that this one keeps; undefined when there is none. */
export function attachmentOf({ embedded }: DatabaseServer): AttachedServer | undefined {
  if (embedded === undefined) return undefined;
  const { host, port, user } = embedded.address();
  return {
    host,
    port,
    user,
    password: async () => embedded.address().password,
    ensureRunning: () => embedded.ensureRunning(),
  };
}

/** Scheme, user and host; name of the database; parameters. */
const URL_PARTS = /^(postgres(?:ql)?:\/\/[^/?]*)(?:\/([^?]*))?(\?.*)?$/;

function externalServer(url: string): DatabaseServer {
  const parts = URL_PARTS.exec(url);
  const client = parts === null ? undefined : parsedClient(url);
  if (parts === null || client?.database === undefined) {
    throw new StoreError(
      'bad_url',
      'DATABASE_URL is not the address of a PostgreSQL. It looks like postgresql://user:password@host:5432/name, with special characters of the password percent-encoded.',
    );
  }
  const [, server = '', , parameters = ''] = parts;
  return {
    where: `${client.host}:${client.port}/${client.database}`,
    database: client.database,
    login: (target) => ({ connectionString: target === 'ours' ? url : `${server}/postgres${parameters}` }),
  };
}

function parsedClient(url: string): pg.Client | undefined {
  try {
    return new pg.Client({ connectionString: url });
  } catch {
    return undefined;
  }
}
