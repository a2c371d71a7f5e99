import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST } from './evidence.ts';

/** A link's part in a judgement of a place. */
interface WeightedLink {
  /** Receptions its mean level rests on. */
  readonly count: number;
  /** In 1/10,000. */
  readonly weight: number;
}

type Numbers = Pick<LocationNumbers['location'], 'linksAtMost' | 'rareAtMost'>;

/**
 * Links weighed by the square of how often they were heard, against the one heard most often. What is heard rarely is heard by
 * luck, and its mean level says what luck it took and not how far away the other one is: with the weeks a city hears from every
 * far corner once, and all those levels are alike. What the rare ones lose the others gain, up to twice what they had, while
 * there are no more links than count.
 */
export function weighByHearing<T extends WeightedLink>(links: readonly T[], numbers: Numbers): T[] {
  const most = links.reduce((greatest, { count }) => Math.max(greatest, count), 1);
  const weightOf = ({ count, weight }: T): number => Math.floor((weight * count * count) / (most * most));
  const before = sumOf(links.map(({ weight }) => weight));
  const after = sumOf(links.map(weightOf));
  if (after === 0) return [...links];
  const whole = Math.min(before, numbers.linksAtMost * FULL_TRUST, numbers.rareAtMost * after);
  return links.map((link) => ({ ...link, weight: Math.floor((weightOf(link) * whole) / after) }));
}

/**
 * The same links, weighing no more together than a few do. What the model gets wrong of a place it gets wrong on all links alike
 * (a hill site loses less over the distance than a street): without a limit, many links make a small error a certainty.
 */
export function tempered<T extends WeightedLink>(links: readonly T[], { linksAtMost }: Numbers): readonly T[] {
  const most = linksAtMost * FULL_TRUST;
  const total = sumOf(links.map(({ weight }) => weight));
  if (total <= most) return links;
  return links.map((link) => ({ ...link, weight: Math.floor((link.weight * most) / total) }));
}

const sumOf = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0);
