import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findOutsideData } from '../support/outside-data.ts';
import { LinksCsvError, parseLinksCsv } from './links-csv.ts';
import { planReplay } from './replay-plan.ts';

const HEADER = 'row,msg,dev_lat,dev_lon,gw,gw_lat,gw_lon,dist_m,rssi_dbm,snr_db';
const row = (n: number, msg: number, latitude: number, gateway: string, snrDb: number): string =>
  `${n},${msg},${latitude},16.6,${gateway},49.3,16.7,1000,-110.0,${snrDb}`;
const planOf = (...rows: string[]) => planReplay(parseLinksCsv([HEADER, ...rows].join('\n')));

describe('reading measured links', () => {
  it('takes each row with a gateway, and counts the others', () => {
    const { links, withoutGateway } = parseLinksCsv(
      `${HEADER}\r\n${row(7, 3, 49.2, '5', -4.2)}\r\n${row(8, 3, 49.2, '', 1)}\r\n`,
    );
    expect(withoutGateway).toBe(1);
    expect(links).toEqual([
      {
        row: 7,
        packet: 3,
        device: { latitude: 49.2, longitude: 16.6 },
        gateway: '5',
        gatewayPlace: { latitude: 49.3, longitude: 16.7 },
        rssiDbm: -110,
        snrDb: -4.2,
      },
    ]);
  });

  it.each([
    ['no header', ''],
    ['a missing column', HEADER.replace('snr_db', 'snr')],
    ['text for a number', `${HEADER}\n${row(1, 1, 49.2, '5', -4).replace('-110.0', 'loud')}`],
    ['a latitude that is none', `${HEADER}\n${row(1, 1, 149.2, '5', -4)}`],
    ['a short line', `${HEADER}\n1,1,49.2,16.6,5`],
  ])('refuses %s', (_, text) => {
    expect(() => parseLinksCsv(text)).toThrow(LinksCsvError);
  });
});

describe('the plan of a replay', () => {
  it('lets a packet wait for a spreading factor at which its weakest reception is possible', () => {
    const plan = planOf(
      row(0, 1, 49.2, '5', 6),
      row(1, 1, 49.2, '6', -7.5),
      row(2, 2, 49.2, '5', -7.8),
      row(3, 3, 49.2, '5', -10.2),
      row(4, 4, 49.2, '5', -17.5),
    );
    expect(plan.points).toHaveLength(1);
    expect(plan.points[0]?.surveyed.map(({ leastSpreadingFactor }) => leastSpreadingFactor)).toEqual([7, 8, 9, 9]);
    expect(plan.points[0]?.surveyed[0]?.receptions.map((link) => link.row)).toEqual([0, 1]);
    expect(plan.points[0]?.beaconed).toEqual([]);
  });

  it('gives what no survey transmission can carry to beacons, the whole packet', () => {
    const [point] = planOf(row(0, 1, 49.2, '5', -17.6), row(1, 1, 49.2, '6', 3), row(2, 2, 49.2, '5', -21.2)).points;
    expect(point?.surveyed).toEqual([]);
    expect(point?.beaconed.map(({ leastSpreadingFactor }) => leastSpreadingFactor)).toEqual([10, 11]);
    expect(point?.beaconed[0]?.receptions).toHaveLength(2);
  });

  it('keeps places apart, and gateways in the order of their numbers', () => {
    const plan = planOf(row(0, 1, 49.2, '10', 1), row(1, 2, 49.25, '9', 1));
    expect(plan.gateways.map(({ name }) => name)).toEqual(['9', '10']);
    expect(plan.points).toHaveLength(2);
  });

  const path = findOutsideData('brno/brno_links_Brno.csv');
  it.skipIf(path === undefined)(`carries every reception of Brno${path ? '' : ' (the data are not here)'}`, () => {
    const plan = planReplay(parseLinksCsv(readFileSync(path ?? '', 'utf8')));
    const carried = plan.points.flatMap(({ surveyed, beaconed }) => [...surveyed, ...beaconed]);
    expect(plan.links).toBe(6_618);
    expect(carried.reduce((sum, { receptions }) => sum + receptions.length, 0)).toBe(6_618);
    expect([plan.gateways.length, plan.points.length, carried.length]).toEqual([27, 291, 1_520]);
    expect(plan.points.reduce((sum, { beaconed }) => sum + beaconed.length, 0)).toBe(92);
  });
});
