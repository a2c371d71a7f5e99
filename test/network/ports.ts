import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

export interface WantedPort {
  readonly protocol: 'tcp' | 'udp';
  /** 0 = any free one. */
  readonly port: number;
  /** For people: `the map and the API`. */
  readonly purpose: string;
  /** `--http-port` */
  readonly option: string;
}

/** A port cannot be had; the message says which and what to do. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly port: number;

  constructor(port: number, message: string) {
    super(message);
    this.port = port;
  }
}

/** Rejects with PortError when one of them is taken: better now than when half of everything runs. */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const want of wanted) {
    if (want.port === 0) continue;
    const code = await tryPort(want.protocol, want.port);
    if (code !== undefined) throw new PortError(want.port, adviceFor(want, code));
  }
}

/** A UDP port of this machine that nobody uses now. */
export async function findFreeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Undefined when the port is free, else the error's code. */
async function tryPort(protocol: WantedPort['protocol'], port: number): Promise<string | undefined> {
  const server = protocol === 'udp' ? createSocket('udp4') : createServer();
  try {
    const listening = once(server, 'listening');
    if ('bind' in server) server.bind(port, HOST);
    else server.listen(port, HOST);
    await listening;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
  const closed = once(server, 'close');
  server.close();
  await closed;
  return undefined;
}

function adviceFor({ protocol, port, purpose, option }: WantedPort, code: string): string {
  const name = `${protocol.toUpperCase()} port ${port}, for ${purpose},`;
  const other = `choose another:  npm start -- --${option} ${port + 1}   (0 = any free one)`;
  if (code === 'EADDRINUSE') {
    const ask = protocol === 'udp' ? `ss -ulpn sport = :${port}` : `ss -tlpn sport = :${port}`;
    return `${name} is in use. Is Sextant running already? Stop what uses it (${ask} names it), or ${other}`;
  }
  if (code === 'EACCES') return `${name} needs more rights than this user has. Please ${other}`;
  return `${name} cannot be used (${code}). Please ${other}`;
}
