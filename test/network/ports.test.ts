import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openCity } from './city-file.ts';
import { OptionError, parseLaunchOptions } from './launch-options.ts';
import { checkPorts, findFreeUdpPort, PortError } from './ports.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const want = (protocol: 'tcp' | 'udp', port: number) =>
  checkPorts([{ protocol, port, purpose: 'the broker', option: 'mqtt-port' }]);

describe('ports', () => {
  it('that are taken are named, with what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    await expect(want('tcp', port)).rejects.toMatchObject({ name: 'PortError', port });
    await expect(want('tcp', port)).rejects.toThrow(`--mqtt-port ${port + 1}`);
    await expect(want('udp', port)).resolves.toBeUndefined();
  });

  it('of UDP are looked at as well', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    cleanups.push(() => socket.close());
    await expect(want('udp', socket.address().port)).rejects.toBeInstanceOf(PortError);
    await expect(want('udp', await findFreeUdpPort())).resolves.toBeUndefined();
    await expect(want('udp', 0)).resolves.toBeUndefined();
  });
});

describe('the city of a data folder', () => {
  const open = (folder: string, line = '') => {
    const options = parseLaunchOptions(['--data', folder, ...line.split(' ').filter(Boolean)]);
    return options === 'help' ? expect.fail() : openCity(options);
  };
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'city-'));
    cleanups.push(() => rmSync(path, { recursive: true }));
    return path;
  };

  it('stays what it was, whatever the defaults are', () => {
    const data = folder();
    const city = { seed: 'x', hotspots: 5, cheaters: 1, cars: 0 };
    expect(open(data, '--hotspots 5 --cheaters 1 --cars 0 --seed x')).toEqual(city);
    expect(open(data)).toEqual(city);
    expect(open(data, '--hotspots 5')).toEqual(city);
    expect(() => open(data, '--hotspots 6')).toThrow(OptionError);
  });

  it('that is damaged is not drawn anew', () => {
    const data = folder();
    writeFileSync(join(data, 'city.json'), '{}');
    expect(() => open(data)).toThrow(OptionError);
  });
});
