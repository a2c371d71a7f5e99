import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../clock/manual-clock.ts';
import { createSystemClock } from '../clock/system-clock.ts';
import { unixMs } from '../protocol/index.ts';
import { GpsdPositionSource } from './gpsd-position-source.ts';
import { findFixProblem } from './position-source.ts';

const clock = createManualClock();
const logger = pino({ enabled: false });
let server: Server;
let sockets: Socket[];
let received: string;
let source: GpsdPositionSource;

beforeEach(async () => {
  sockets = [];
  received = '';
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (bytes) => {
      received += bytes.toString();
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  source = new GpsdPositionSource({ host: '127.0.0.1', port }, { clock, timers: createSystemClock(), logger });
});
afterEach(async () => {
  await source.stop();
  for (const socket of sockets) socket.destroy();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
});

const say = (text: string): void => sockets.forEach((socket) => socket.write(text));
const connected = () => expect.poll(() => received).toContain('?WATCH={"enable":true,"json":true}');

// As gpsd 3.22 wrote them; field order and the unknown ones kept.
const VERSION = '{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}\r\n';
const TPV =
  '{"class":"TPV","device":"/dev/ttyACM0","status":1,"mode":3,"time":"2023-11-14T22:13:20.000Z","leapseconds":18,"ept":0.005,' +
  '"lat":49.195060000,"lon":16.606837000,"altHAE":281.3,"altMSL":237.1,"epx":3.2,"epy":3.9,"track":84.2,"speed":8.31,"climb":0.0}\r\n';
const SKY =
  '{"class":"SKY","device":"/dev/ttyACM0","xdop":0.58,"ydop":0.71,"vdop":1.09,"tdop":0.86,"hdop":0.92,"gdop":1.9,"pdop":1.43,' +
  '"satellites":[{"PRN":2,"el":40.0,"az":64.0,"ss":31.0,"used":true},{"PRN":5,"el":9.0,"az":31.0,"ss":12.0,"used":false},' +
  '{"PRN":6,"used":true},{"PRN":12,"used":true},{"PRN":25,"used":true},{"PRN":29,"used":true}]}\r\n';

describe('gpsd', () => {
  it('is asked to tell, and its reports become a fix', async () => {
    source.start();
    await connected();
    expect(source.latest()).toBeUndefined();
    say(VERSION + SKY + TPV);
    await expect
      .poll(() => source.latest())
      .toEqual({
        atMs: clock.now(),
        latitudeDeg: 49.19506,
        longitudeDeg: 16.606837,
        satellites: 5,
        hdopTenths: 9,
        speedDmps: 83,
      });
    expect(findFixProblem(source.latest(), clock.now())).toBeUndefined();
    expect(findFixProblem(source.latest(), unixMs(clock.now() + 6_001))).toContain('6 s old');
    expect(source.problem()).toBeUndefined();
  });

  it('is understood in pieces, and newer gpsd counts satellites itself', async () => {
    source.start();
    await connected();
    const text = TPV + SKY.replace('"xdop"', '"uSat":11,"nSat":20,"xdop"');
    for (let at = 0; at < text.length; at += 100) say(text.slice(at, at + 100));
    await expect.poll(() => source.latest()?.satellites).toBe(11);
  });

  it('without a position is said, and the old fix grows stale', async () => {
    source.start();
    await connected();
    say('{"class":"TPV","device":"/dev/ttyACM0","mode":1}\n');
    await expect.poll(() => source.problem()).toContain('too few satellites');
    expect(source.latest()).toBeUndefined();
  });

  it.each([
    ['no JSON', 'not json at all\n'],
    [
      'places that are none',
      '{"class":"TPV","mode":3,"lat":95,"lon":16}\n{"class":"TPV","mode":3,"lat":"49","lon":16}\n',
    ],
    ['another class', '{"class":"ERROR","message":"x"}\n'],
    ['lists', '[1,2]\nnull\n'],
  ])('saying %s changes nothing', async (_name, text) => {
    source.start();
    await connected();
    say(text + SKY + TPV);
    await expect.poll(() => source.latest()?.latitudeDeg).toBe(49.19506);
  });

  it('that floods without a line end is cut off', async () => {
    source.start();
    await connected();
    say('x'.repeat(200_000));
    await expect.poll(() => sockets[0]?.destroyed).toBe(true);
    expect(source.problem()).toContain('protocol');
  });

  it('that is not there is said, with what to do', async () => {
    server.close();
    await once(server, 'close');
    source.start();
    await expect.poll(() => source.problem()).toContain('systemctl status gpsd');
  });
});
