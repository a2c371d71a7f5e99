import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileAtOnce } from '@sextant/firmware-bridge/keys';
import type { Logger } from 'pino';
import type { OperatorDesk } from './operator-desk.ts';
import { OPERATOR_REQUEST } from './operator-request.ts';

/** How to ask a running oracle: what its door file (mode 0600) says. */
export interface OperatorDoor {
  readonly port: number;
  readonly token: string;
  readonly pid: number;
}

export interface OpenedDoor {
  close(): Promise<void>;
}

export const doorFile = (dataDirectory: string): string => join(dataDirectory, 'operator-door.json');

const BODY_MAX_BYTES = 4_096;

/**
 * Answers `POST /operator` on a free port of 127.0.0.1 to whoever can read the door file, which lies beside the keys of the
 * validator and is as private: what is asked here is signed with its log key.
 */
export async function openOperatorDoor(
  dataDirectory: string,
  { desk, logger }: { readonly desk: OperatorDesk; readonly logger: Logger },
): Promise<OpenedDoor> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    void answer(request, response, { token, desk }).catch((error: unknown) => {
      logger.error({ err: error }, 'what the operator asked for failed');
      end(response, 500, { problem: error instanceof Error ? error.message : String(error) });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const door: OperatorDoor = { port: (server.address() as AddressInfo).port, token, pid: process.pid };
  await writeFileAtOnce(doorFile(dataDirectory), `${JSON.stringify(door)}\n`);
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await rm(doorFile(dataDirectory), { force: true });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, desk }: { readonly token: string; readonly desk: OperatorDesk },
): Promise<void> {
  if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
    end(response, 401, { problem: 'not the token of the door file' });
    return;
  }
  if (request.method !== 'POST' || request.url !== '/operator') {
    end(response, 404, { problem: 'POST /operator is all there is' });
    return;
  }
  const parsed = OPERATOR_REQUEST.safeParse(parseJson(await readBody(request)));
  if (parsed.success) end(response, 200, await desk.answer(parsed.data));
  else end(response, 400, { problem: 'this oracle does not know the request: is it of another version?' });
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

function end(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
