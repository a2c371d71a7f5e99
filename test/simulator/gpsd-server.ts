import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import type { UnixMs } from '@sextant/firmware-bridge/protocol';
import type { LatLng } from './world/place.ts';

export interface Fix extends LatLng {
  readonly speedMps: number;
  readonly satellites: number;
  readonly hdop: number;
}

export interface GpsdServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * A GNSS receiver behind gpsd: its JSON protocol over TCP (gpsd 3.25, gpsd_json(5)): VERSION on connect, DEVICES and
 * WATCH in answer to `?WATCH={"enable":true,"json":true}`, then TPV and SKY at the receiver's rate, once a second by custom.
 */
export async function startGpsdServer(
  fixAt: (atMs: number) => Fix,
  clock: Clock,
  port = 0,
  intervalMs = 1_000,
): Promise<GpsdServer> {
  const watching = new Set<Socket>();
  const server = createServer((socket) => {
    send(socket, { class: 'VERSION', release: '3.25', rev: '3.25', proto_major: 3, proto_minor: 15 });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      if (!text.includes('?WATCH')) return;
      send(socket, { class: 'DEVICES', devices: [{ class: 'DEVICE', path: '/dev/ttyACM0', driver: 'u-blox' }] });
      send(socket, { class: 'WATCH', enable: true, json: true, nmea: false, raw: 0 });
      sendFix(socket, fixAt(clock.now()), clock.now());
      watching.add(socket);
    });
    socket.on('close', () => watching.delete(socket));
    socket.on('error', () => watching.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  let cancel: Cancel | undefined;
  const tick = (): void => {
    const now = clock.now();
    const fix = fixAt(now);
    for (const socket of watching) sendFix(socket, fix, now);
    cancel = clock.at((now + intervalMs) as UnixMs, tick);
  };
  tick();

  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      cancel?.();
      for (const socket of watching) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Each message is a line. */
function send(socket: Socket, ...messages: readonly object[]): void {
  if (socket.writable) socket.write(messages.map((message) => `${JSON.stringify(message)}\r\n`).join(''));
}

function sendFix(socket: Socket, fix: Fix, atMs: number): void {
  const { latitude: lat, longitude: lon, speedMps: speed, satellites, hdop } = fix;
  const time = new Date(atMs).toISOString();
  const common = { device: '/dev/ttyACM0', time };
  send(
    socket,
    { class: 'TPV', ...common, mode: 3, lat, lon, altMSL: 120, speed, epx: 3, epy: 3 },
    { class: 'SKY', ...common, hdop, pdop: hdop * 1.6, uSat: satellites, nSat: satellites + 4 },
  );
}
