import { createHash } from 'node:crypto';
import { bytesToHex, hexToBytes } from '@sextant/firmware-bridge/protocol';
import type { RewardClass } from '@sextant/oracle/core';
import { cellToParent, getResolution, gridDisk } from 'h3-js';
import type { Result } from './outcome-of.ts';
import { assertionOf, type World } from './world.ts';

/** A second, slow computation of an epoch's rewards, from its verdicts and links alone and in fractions. */

interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}
const fraction = (top: number | bigint, bottom: number | bigint = 1n): Fraction => ({
  top: BigInt(top),
  bottom: BigInt(bottom),
});
const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.top, a.bottom * b.bottom);

const R = fraction(4, 5);
function decay(power: number): Fraction {
  return power === 0 ? fraction(1) : times(R, decay(power - 1));
}
function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, fraction(-b.top, b.bottom));
}
/** HIP 15 as it is written, N = 4. */
const beaconUnit = (w: number): Fraction => (w < 4 ? fraction(w, 4) : minus(fraction(2), decay(w - 4)));
const witnessUnit = (w: number): Fraction =>
  w <= 4 ? fraction(1) : times(minus(fraction(4), minus(fraction(1), decay(w - 4))), fraction(1, w));

/** HIP 17 on the hexes one by one: fraction of the hotspots below each ancestor that is left. */
function densityScale(cell: string, population: readonly string[]): Fraction {
  const table = [
    [4, 2, 500, 1000],
    [5, 4, 100, 200],
    [6, 4, 25, 50],
    [7, 4, 5, 10],
    [8, 2, 1, 1],
    [9, 2, 1, 1],
  ] as const;
  const known = new Map<string, number>();
  const unclipped = (hex: string): number => {
    const count = known.get(hex) ?? countBelow(hex);
    known.set(hex, count);
    return count;
  };
  const countBelow = (hex: string): number => {
    const resolution = getResolution(hex);
    if (resolution === 9) return population.filter((other) => cellToParent(other, 9) === hex).length;
    const children = new Set(
      population
        .filter((other) => cellToParent(other, resolution) === hex)
        .map((other) => cellToParent(other, resolution + 1)),
    );
    return [...children].reduce((sum, child) => sum + clipped(child), 0);
  };
  const clipped = (hex: string): number => {
    const [, n, target, maximum] = table.find(([resolution]) => resolution === getResolution(hex)) ?? [0, 0, 0, 0];
    const occupied = gridDisk(hex, 1).filter((near) => unclipped(near) >= target).length;
    return Math.min(unclipped(hex), maximum, target * Math.max(1, occupied - n + 1));
  };
  let scale = fraction(1);
  for (const [resolution] of table) {
    const hex = cellToParent(cell, resolution);
    scale = times(scale, fraction(clipped(hex), unclipped(hex)));
  }
  const rounded = (2n * scale.top * 10_000n + scale.bottom) / (2n * scale.bottom);
  return fraction(rounded, 10_000);
}

function rank(world: World, entropy: Uint8Array, transmission: Uint8Array, witness: Uint8Array): Buffer {
  return createHash('sha256')
    .update('sextant/v1/witness-rank\0')
    .update(world.networkId)
    .update(entropy)
    .update(transmission)
    .update(witness)
    .digest();
}

/** Amounts by class and key, both in hex, of everybody who is paid. */
export function naiveRewards(world: World, results: readonly Result[], epoch: number): Map<string, bigint> {
  const result = results[epoch] as Result;
  const entropies = new Map(
    results.flatMap(({ summary }) => summary.rounds.map(({ round, entropy }) => [round, entropy])),
  );
  const links = new Map<
    string,
    { sender: string; cell: bigint; kind: string; round: number; witnesses: Uint8Array[] }
  >();
  for (const link of result.links) {
    const id = bytesToHex(link.transmission);
    const entry = links.get(id) ?? {
      sender: bytesToHex(link.sender),
      cell: link.cell,
      kind: link.senderKind,
      round: link.round,
      witnesses: [],
    };
    entry.witnesses.push(link.witness);
    links.set(id, entry);
  }
  const population = world.hotspots.map((hotspot) => assertionOf(hotspot).cell.toString(16));
  const shares = new Map<RewardClass, Map<string, Fraction>>();
  const earn = (rewardClass: RewardClass, key: string, share: Fraction): void => {
    const ofClass = shares.get(rewardClass) ?? new Map<string, Fraction>();
    ofClass.set(key, plus(ofClass.get(key) ?? fraction(0), share));
    shares.set(rewardClass, ofClass);
  };
  const cells = new Map<bigint, { devices: Set<string>; witnesses: Set<string> }>();
  for (const [id, { sender, cell, kind, round, witnesses }] of links) {
    const entropy = hexToBytes(entropies.get(round + 1) ?? '');
    const paid = [...witnesses]
      .sort((a, b) => rank(world, entropy, hexToBytes(id), a).compare(rank(world, entropy, hexToBytes(id), b)))
      .slice(0, 14)
      .map(bytesToHex);
    if (kind === 'hotspot') {
      const scale = densityScale(cell.toString(16), population);
      earn('beaconer', sender, times(beaconUnit(paid.length), scale));
      for (const witness of paid) earn('witness', witness, times(witnessUnit(paid.length), scale));
    } else {
      const entry = cells.get(cell) ?? { devices: new Set<string>(), witnesses: new Set<string>() };
      entry.devices.add(sender);
      for (const witness of paid) entry.witnesses.add(witness);
      cells.set(cell, entry);
    }
  }
  const lately = results
    .slice(0, epoch)
    .flatMap(({ coverage }) => coverage.filter(({ state }) => state === 'covered').map(({ cell }) => cell));
  for (const [cell, { devices, witnesses }] of cells) {
    const weight = lately.includes(cell) ? 1 : 10;
    for (const device of devices) earn('survey', device, fraction(weight, 2 * devices.size));
    for (const witness of witnesses) earn('survey', witness, fraction(weight, 2 * witnesses.size));
  }
  for (const { logKey } of world.genesis.validators) earn('validator', bytesToHex(logKey), fraction(1));
  return amountsOf(world, shares);
}

function amountsOf(world: World, shares: ReadonlyMap<RewardClass, ReadonlyMap<string, Fraction>>): Map<string, bigint> {
  const emission = (200_000n * 10n ** 18n * BigInt(world.timing.epochMs)) / 86_400_000n;
  const percents = { validator: 7n, beaconer: 18n, witness: 50n, survey: 25n };
  const amounts = new Map<string, bigint>();
  for (const [rewardClass, ofClass] of shares) {
    const pool = (emission * percents[rewardClass]) / 100n;
    const bottom = [...ofClass.values()].reduce((product, { bottom: of }) => lcm(product, of), 1n);
    const whole = [...ofClass].map(([key, { top, bottom: of }]) => ({ key, shares: (top * bottom) / of }));
    const total = whole.reduce((sum, item) => sum + item.shares, 0n);
    let left = pool - whole.reduce((sum, item) => sum + (pool * item.shares) / total, 0n);
    const remainder = (item: { shares: bigint }) => (pool * item.shares) % total;
    whole.sort((a, b) => (remainder(b) > remainder(a) ? 1 : remainder(b) < remainder(a) ? -1 : a.key < b.key ? -1 : 1));
    for (const item of whole) {
      const amount = (pool * item.shares) / total + (left > 0n ? 1n : 0n);
      if (left > 0n) left--;
      amounts.set(`${rewardClass} ${item.key}`, amount);
    }
  }
  return amounts;
}

function lcm(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
