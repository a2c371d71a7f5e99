import { describe, expect, it } from 'vitest';
import { MeasuredCarrier } from './measured-carrier.ts';

const packet = (number: number, leastSpreadingFactor: number) => ({ number, leastSpreadingFactor, receptions: [] });
const here = { latitude: 49.1, longitude: 16.6 };
const there = { latitude: 49.2, longitude: 16.7 };

describe('a device that says again what was measured', () => {
  it('takes no transmission that could not have carried what waits, and of two packets the more demanding', () => {
    const carrier = new MeasuredCarrier([{ place: here, packets: [packet(1, 7), packet(2, 9), packet(3, 8)] }]);
    carrier.depart();
    const carried: (number | undefined)[] = [];
    for (const spreadingFactor of [8, 8, 8, 7, 9]) {
      if (carrier.hasRoomFor({ spreadingFactor })) carried.push(carrier.takeCarried()?.number);
    }
    expect(carried).toEqual([3, 1, 2]);
    expect(carrier.refused).toBe(2);
    expect(carrier.isDone).toBe(true);
  });

  it('goes on to the next place when nothing waits here any more', () => {
    const carrier = new MeasuredCarrier([
      { place: here, packets: [packet(1, 7)] },
      { place: there, packets: [] },
      { place: there, packets: [packet(2, 7)] },
    ]);
    carrier.depart();
    expect(carrier.fix()).toMatchObject(here);
    expect(carrier.hasRoomFor({ spreadingFactor: 7 })).toBe(true);
    expect(carrier.fix()).toMatchObject({ ...there, satellites: 9 });
    expect(carrier.hasRoomFor({ spreadingFactor: 7 })).toBe(true);
    expect(carrier.fix().satellites).toBe(0);
    expect(carrier.hasRoomFor({ spreadingFactor: 12 })).toBe(false);
  });

  it('sends nothing before it departs', () => {
    const carrier = new MeasuredCarrier([{ place: here, packets: [packet(1, 7)] }]);
    expect(carrier.fix().satellites).toBe(0);
    expect(carrier.hasRoomFor({ spreadingFactor: 12 })).toBe(false);
  });
});
