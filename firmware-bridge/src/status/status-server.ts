import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BridgeStatus } from '../bridge/bridge-status.ts';
import { writeFileAtOnce } from '../config/write-file.ts';

/** How to ask a running bridge: what its door file (mode 0600) says. */
interface StatusDoor {
  readonly port: number;
  readonly token: string;
  readonly pid: number;
}

export interface StatusServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET /status` on a free port of 127.0.0.1 to whoever can read the door file: the status tells which beacons one
 * hears, which is nobody else's business on this machine.
 */
export async function startStatusServer(doorPath: string, status: () => Promise<BridgeStatus>): Promise<StatusServer> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const isAllowed = isSame(request.headers.authorization ?? '', `Bearer ${token}`);
    if (!isAllowed || request.method !== 'GET' || request.url !== '/status') {
      response.writeHead(isAllowed ? 404 : 401).end();
      return;
    }
    void status().then(
      (current) => response.writeHead(200, { 'content-type': 'application/json' }).end(formatStatusJson(current)),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const door: StatusDoor = { port, token, pid: process.pid };
  await writeFileAtOnce(doorPath, `${JSON.stringify(door)}\n`);
  return { port, close: () => closeServer(server, doorPath) };
}

async function closeServer(server: Server, doorPath: string): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  await rm(doorPath, { force: true });
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** JSON of a status; big integers as text. */
export function formatStatusJson(status: BridgeStatus): string {
  return JSON.stringify(status, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
