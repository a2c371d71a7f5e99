import { describe, expect, it } from 'vitest';
import { distanceM } from '../../simulator/world/place.ts';
import { createRandom } from '../../simulator/world/random.ts';
import { Air } from './air.ts';
import { isHotspot, type Reception, type Transmission } from './radio.ts';
import { createWorld, runHonestEpoch } from './world.ts';

const options = { honest: 60, settledEpochs: 2, epochs: 3 };
const worlds = ['a', 'b', 'c'].map((seed) => createWorld(seed, options));
const epochs = worlds.map((world) => [0, 1, 2].map((epoch) => runHonestEpoch(world, epoch)));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

describe('a world of the benchmark', () => {
  it('is the same with the same seed and another with another', () => {
    const again = runHonestEpoch(createWorld('a', options), 1);
    expect(again.receptions.length).toBe(epochs[0]?.[1]?.receptions.length);
    expect(again.receptions.map(({ snrDdb }) => snrDdb)).toEqual(
      epochs[0]?.[1]?.receptions.map(({ snrDdb }) => snrDdb),
    );
    expect(epochs[1]?.[1]?.receptions.length).not.toBe(again.receptions.length);
  });

  it('fades from packet to packet by about 5.9 dB on links far above the floor', () => {
    const byLink = new Map<string, number[]>();
    for (const { transmission, witness, rssiSignalDdbm } of epochs.flat(2).flatMap(({ receptions }) => receptions)) {
      const { sender } = transmission;
      if (!isHotspot(sender) || rssiSignalDdbm === undefined) continue;
      if (distanceM(sender.antenna.place, witness.antenna.place) > 2_500) continue;
      const name = `${sender.key.join()}/${witness.key.join()}`;
      byLink.set(name, [...(byLink.get(name) ?? []), rssiSignalDdbm / 10 - transmission.levelDbm]);
    }
    const spreads = [...byLink.values()].filter((list) => list.length >= 9).map(deviation);
    expect(spreads.length).toBeGreaterThan(20);
    expect(mean(spreads)).toBeGreaterThan(4.5);
    expect(mean(spreads)).toBeLessThan(6.8);
  });

  it('speaks both RSSI conventions, whole dB and quarters of a dB of SNR', () => {
    const { receptions } = epochs[0]?.[0] ?? { receptions: [] };
    const kinds = new Set(
      receptions.map((one) => `${one.rssiChannelDdbm !== undefined}/${one.rssiSignalDdbm !== undefined}`),
    );
    expect(kinds.size).toBe(3);
    for (const { rssiChannelDdbm = 0, rssiSignalDdbm = 0, snrDdb } of receptions) {
      expect([Math.abs(rssiChannelDdbm % 10), Math.abs(rssiSignalDdbm % 10)]).toEqual([0, 0]);
      expect(Number.isInteger(snrDdb)).toBe(true);
    }
  });

  it('decodes nothing far below the floor of its spreading factor', () => {
    const floors: Record<number, number> = { 7: -75, 8: -100, 9: -125, 10: -150, 11: -175, 12: -200 };
    const margins = epochs
      .flat()
      .flatMap(({ receptions }) => receptions)
      .map(({ snrDdb, transmission }) => snrDdb - (floors[transmission.spreadingFactor] ?? 0));
    expect(margins.filter((margin) => margin < -50).length / margins.length).toBeLessThan(0.002);
    expect(margins.filter((margin) => margin < 0).length).toBeGreaterThan(0);
  });

  it('has a line of sight of 109 km between its mountains', () => {
    const links = worlds.map(({ population: { hotspots }, pathLoss }) => {
      const [a, b] = hotspots;
      if (!a || !b) throw new Error('a world has mountains');
      expect(distanceM(a.antenna.place, b.antenna.place)).toBeCloseTo(109_000, 0);
      return pathLoss.between(a.antenna, b.antenna);
    });
    // Free space over 109 km at 868.3 MHz is 132.0 dB.
    for (const loss of links) expect(Math.abs(loss - 136.4)).toBeLessThan(8);
  });

  it('has newcomers, anchors and hotspots that die', () => {
    const hotspots = worlds.flatMap(({ population }) => population.hotspots);
    expect(hotspots.filter(({ anchor }) => anchor)).toHaveLength(15);
    expect(hotspots.some(({ fromEpoch }) => fromEpoch === 2)).toBe(true);
    expect(hotspots.some(({ untilEpoch }) => untilEpoch < 3)).toBe(true);
  });
});

describe('the air', () => {
  const [world] = worlds;
  const reception = epochs[0]?.[0]?.receptions.find(
    ({ transmission, witness }) =>
      isHotspot(transmission.sender) &&
      distanceM(transmission.antenna.place, witness.antenna.place) < 1_500 &&
      witness.receiver.noiseFigureDb < 6,
  ) as Reception;
  const { transmission, witness } = reception;
  const heardShare = (beside: readonly Transmission[]): number => {
    if (!world) throw new Error('no world');
    const count = 200;
    const heard = Array.from({ length: count }, (_, i) => {
      const air = new Air(world.pathLoss, [transmission, ...beside], createRandom(`air ${i}`));
      return air.heard(transmission, witness);
    });
    return heard.filter((one) => one !== undefined).length / count;
  };

  it('lets nobody hear while it sends itself', () => {
    expect(heardShare([])).toBeGreaterThan(0.3);
    expect(heardShare([{ ...transmission, id: -1, antenna: witness.antenna, channel: -1 }])).toBe(0);
  });

  it('loses a frame to a stronger one on its channel and spreading factor, and to no other', () => {
    const louder = { ...transmission, id: -1, trueEirpDbm: transmission.trueEirpDbm + 20 };
    expect(heardShare([louder])).toBe(0);
    expect(heardShare([{ ...louder, trueEirpDbm: transmission.trueEirpDbm - 20 }])).toBeGreaterThan(0.3);
    expect(heardShare([{ ...louder, channel: -1 }])).toBeGreaterThan(0.3);
    expect(heardShare([{ ...louder, spreadingFactor: 13 - (transmission.spreadingFactor % 2) }])).toBeGreaterThan(0.3);
  });
});
