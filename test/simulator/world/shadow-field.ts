import type { Place } from './place.ts';
import type { Random } from './random.ts';

const WAVES = 48;

/**
 * A smooth random landscape of shadowing with unit variance: the sum of plane waves whose wave numbers give about the
 * exponential correlation of Gudmundson (1991), e^(−d/d₀), with d₀ the decorrelation distance in metres.
 */
export function createShadowField(decorrelationM: number, random: Random): (at: Place) => number {
  const waves = Array.from({ length: WAVES }, () => {
    // The spectrum of e^(−d/d₀) in the plane is ∝ (1 + (k d₀)²)^(−3/2): inverse of its cumulative distribution.
    const wave = Math.sqrt(1 / (1 - random.between(0, 0.98)) ** 2 - 1) / decorrelationM;
    const heading = random.between(0, 2 * Math.PI);
    return { east: wave * Math.cos(heading), north: wave * Math.sin(heading), phase: random.between(0, 2 * Math.PI) };
  });
  const amplitude = Math.sqrt(2 / WAVES);
  return (at) => {
    let sum = 0;
    for (const { east, north, phase } of waves) sum += Math.cos(east * at.eastM + north * at.northM + phase);
    return amplitude * sum;
  };
}
