import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import type { Timing, UnixMs } from '@sextant/firmware-bridge/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { CHEATS, planCity } from './city-plan.ts';
import { type Simulation, startSimulation } from './simulation.ts';
import { createProjection, distanceM } from './world/place.ts';

const timing: Timing = {
  genesisMs: 0 as UnixMs,
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};

describe('the city plan', () => {
  const plan = planCity({ seed: 'test', hotspots: 60, cheaters: 8, cars: 6 });
  const projection = createProjection(plan.centre);
  const claimErrorM = (i: number): number => {
    const hotspot = plan.hotspots[i];
    return hotspot ? distanceM(hotspot.place, projection.toPlace(hotspot.claimed)) : Number.NaN;
  };

  it('has the asked number of each, and every kind of cheat', () => {
    expect(plan.hotspots).toHaveLength(60);
    const cheats = plan.hotspots.flatMap(({ cheat }) => cheat ?? []);
    expect(cheats).toHaveLength(8);
    expect(new Set(cheats)).toEqual(new Set(CHEATS));
    expect(plan.cars).toHaveLength(6);
    expect(new Set([...plan.hotspots, ...plan.cars].map(({ eui }) => eui)).size).toBe(66);
  });

  it('lets only liars claim another place: 20 km away, or a city from one room', () => {
    plan.hotspots.forEach(({ cheat }, i) => {
      if (cheat === 'moved_claim') expect(claimErrorM(i)).toBeCloseTo(20_000, -2);
      else if (cheat === 'one_room') expect(claimErrorM(i)).toBeGreaterThan(100);
      else expect(claimErrorM(i)).toBeLessThan(1);
    });
    const room = plan.hotspots.filter(({ cheat }) => cheat === 'one_room').map(({ place }) => place);
    const [first, second] = room;
    expect(first && second && distanceM(first, second)).toBeLessThan(10);
  });

  it('is the same for the same seed', () => {
    expect(planCity({ seed: 'test', hotspots: 60, cheaters: 8, cars: 6 })).toEqual(plan);
    expect(planCity({ seed: 'other', hotspots: 60, cheaters: 8, cars: 6 })).not.toEqual(plan);
  });
});

describe('the simulation', () => {
  let simulation: Simulation | undefined;
  afterEach(async () => {
    await simulation?.stop();
  });

  it('carries a frame that a bridge orders from one forwarder to its neighbours', async () => {
    const plan = planCity({ seed: 'air', hotspots: 12, cheaters: 0, cars: 1 });
    const bridge = createSocket('udp4').bind(0, '127.0.0.1');
    await once(bridge, 'listening');
    const pulls = new Map<string, number>();
    const heard = new Map<string, Record<string, unknown>>();
    let sender = '';
    const delivered = new Promise<void>((resolve) => {
      bridge.on('message', (datagram, from) => {
        const eui = datagram.subarray(4, 12).toString('hex');
        if (datagram[3] === 2) pulls.set(eui, from.port);
        if (datagram[3] !== 0) return;
        const packet = (JSON.parse(datagram.toString('utf8', 12)) as { rxpk?: Record<string, unknown>[] }).rxpk?.[0];
        if (packet) heard.set(eui, packet);
        if (heard.size >= 3) resolve();
      });
    });
    const ports = Object.fromEntries([...plan.hotspots, ...plan.cars].map(({ eui }) => [eui, bridge.address().port]));
    simulation = await startSimulation({ plan, timing, bridgePorts: ports, gpsdPorts: {} }, createSystemClock());
    await waitFor(() => pulls.size === 13);

    const txpk = {
      imme: true,
      freq: 868.1,
      rfch: 0,
      powe: 14,
      modu: 'LORA',
      datr: 'SF12BW125',
      codr: '4/5',
      ipol: false,
    };
    const data = Buffer.from('e05301000102030405060708090a0b0c0d0e0f10111213', 'hex');
    const json = JSON.stringify({ txpk: { ...txpk, size: data.length, data: data.toString('base64') } });
    sender = plan.hotspots[0]?.eui ?? '';
    bridge.send(Buffer.concat([Buffer.from([2, 0, 1, 3]), Buffer.from(json)]), pulls.get(sender) ?? 0, '127.0.0.1');
    await delivered;

    expect(heard.has(sender)).toBe(false);
    for (const packet of heard.values()) {
      expect(packet).toMatchObject({ datr: 'SF12BW125', freq: 868.1, stat: 1, data: data.toString('base64') });
      expect(packet['rssi']).toBeLessThan(-50);
    }
    expect(simulation.counts().sent).toBe(1);
    bridge.close();
  });

  it('gives each car a GNSS receiver that speaks gpsd', async () => {
    const plan = planCity({ seed: 'gps', hotspots: 0, cheaters: 0, cars: 1 });
    const eui = plan.cars[0]?.eui ?? '';
    simulation = await startSimulation({ plan, timing, bridgePorts: { [eui]: 1 }, gpsdPorts: {} }, createSystemClock());
    const socket = connect(simulation.gpsdPorts[eui] ?? 0, '127.0.0.1').setEncoding('utf8');
    let text = '';
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('VERSION') && !text.includes('WATCH')) socket.write('?WATCH={"enable":true,"json":true};\n');
    });
    await waitFor(() => text.includes('"class":"SKY"'));
    socket.destroy();
    const messages = text
      .trim()
      .split('\r\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(messages.map((message) => message['class']).slice(0, 3)).toEqual(['VERSION', 'DEVICES', 'WATCH']);
    const fix = messages.find((message) => message['class'] === 'TPV');
    expect(fix).toMatchObject({ mode: 3 });
    expect(Math.abs(Number(fix?.['lat']) - plan.centre.latitude)).toBeLessThan(0.1);
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
