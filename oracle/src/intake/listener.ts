import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { IntakeError } from './intake-error.ts';

export interface ListenerOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** PEM files; needed for every address but loopback. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly maxConnections: number;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const HANDSHAKE_MS = 10_000;

/** Listens for MQTT over TCP, or over TLS where anybody else could listen in. */
export async function listen(options: ListenerOptions, onConnection: (socket: Socket) => void): Promise<Listener> {
  const { host, port, tls } = options;
  if (!tls && !isLoopback(host)) {
    throw new IntakeError(
      'tls_required',
      `MQTT on ${host} would send reports and login tokens in clear: give a certificate and its key, or listen on 127.0.0.1.`,
    );
  }
  const server = tls ? await openTls(tls, onConnection) : createServer(onConnection);
  server.maxConnections = options.maxConnections;
  await started(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function openTls(
  files: { certFile: string; keyFile: string },
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  try {
    const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
    return createTlsServer({ cert, key, handshakeTimeout: HANDSHAKE_MS, minVersion: 'TLSv1.2' }, onConnection);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new IntakeError(
      'tls_unreadable',
      `The TLS certificate ${files.certFile} with key ${files.keyFile} cannot be used: ${reason}. Both must be PEM files that belong together.`,
      error,
    );
  }
}

async function started(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): IntakeError {
  if (error.code === 'EADDRINUSE') {
    return new IntakeError(
      'port_in_use',
      `Port ${port} on ${host} is taken, probably by another MQTT broker or another oracle: stop that one, or choose another MQTT port.`,
      error,
    );
  }
  return new IntakeError('cannot_listen', `Cannot listen for MQTT on ${host}:${port}: ${error.message}.`, error);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
