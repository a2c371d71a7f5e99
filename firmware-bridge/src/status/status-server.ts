import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APPEAL_REQUEST, type AppealRequest } from '../appeal/appeal-request.ts';
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

/** What can be asked of a running bridge. */
export interface Askable {
  status(): Promise<BridgeStatus>;
  /** False: it serves no such hotspot, or its network knows no appeals. */
  appeal(request: AppealRequest): Promise<boolean>;
}

const BODY_MAX_BYTES = 4_096;

/**
 * Answers `GET /status` and takes `POST /appeal` on a free port of 127.0.0.1 from whoever can read the door file: the
 * status tells which beacons one hears, which is nobody else's business on this machine.
 */
export async function startStatusServer(doorPath: string, bridge: Askable): Promise<StatusServer> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const isAllowed = isSame(request.headers.authorization ?? '', `Bearer ${token}`);
    if (!isAllowed) response.writeHead(401).end();
    else answer(request, response, bridge).catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const door: StatusDoor = { port, token, pid: process.pid };
  await writeFileAtOnce(doorPath, `${JSON.stringify(door)}\n`);
  return { port, close: () => closeServer(server, doorPath) };
}

async function answer(request: IncomingMessage, response: ServerResponse, bridge: Askable): Promise<void> {
  const asked = `${request.method} ${request.url}`;
  if (asked === 'GET /status') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(formatStatusJson(await bridge.status()));
  } else if (asked === 'POST /appeal') {
    const parsed = APPEAL_REQUEST.safeParse(parseJson(await readBody(request)));
    if (parsed.success) response.writeHead((await bridge.appeal(parsed.data)) ? 204 : 409).end();
    else response.writeHead(400).end();
  } else response.writeHead(404).end();
}

/** Undefined when it is longer than any request. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
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
