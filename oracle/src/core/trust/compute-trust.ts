import { FULL_TRUST, type NetworkEvidence } from '../location/evidence.ts';
import { lowerMedian } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { buildTrustGraph, isUnblemished, type TrustGraph } from './trust-graph.ts';

/** What an anchor starts with for each unit of its links' weight. Ten rounds of it, times 10,000, stay below 2^53. */
const START = 1_000_000_000;

/**
 * How far each radio is trusted, 0 … 10,000, one a radio of the evidence.
 *
 * SybilRank (Cao et al., NSDI 2012): each anchor starts with trust in proportion to its links, and in each of ten rounds
 * every radio passes on what it has over its links, by weight. What a radio has held over all rounds, for each unit of
 * weight, is its strength: how often a random walk of up to ten steps from it meets an anchor. Behind few links to the
 * honest part walks stay among themselves, however many radios are added there.
 *
 * One anchor in five may be corrupt: of every five, each radio's greatest contributor is left out, so that those alone make
 * nobody trusted. Walks end at other anchors, so that a corrupt one does not pass the word of the others on as its own. The scale is the strength of the median neighbour of the median anchor; a quarter of it is full strength. Full
 * trust takes four mutual links besides, and less is in proportion. A granted anchor in good standing has full trust.
 */
export function computeTrust(evidence: NetworkEvidence, numbers: Pick<TrustNumbers, 'trust'>): number[] {
  const { fullPercent, fullWeight, lesserWeightMax } = numbers.trust;
  const graph = buildTrustGraph(evidence, numbers);
  const anchors = evidence.radios.flatMap(({ anchor }, v) => {
    const standing = evidence.standings[v];
    return anchor && standing !== undefined && isUnblemished(standing) ? [v] : [];
  });
  const strengths = strengthsOf(graph, anchors, numbers);
  const full = Math.max(1, Math.floor((typicalStrength(graph, anchors, strengths) * fullPercent) / 100));
  const isAnchor = new Set(anchors);
  return evidence.radios.map((_, v) => {
    if (isAnchor.has(v)) return FULL_TRUST;
    const mutual = graph.mutualDegrees[v] as number;
    const lesser = (graph.degrees[v] as number) - mutual;
    const weight = Math.min(fullWeight, mutual + Math.min(lesserWeightMax, lesser));
    const share = Math.floor((Math.min(full, strengths[v] as number) * FULL_TRUST) / full);
    return Math.floor((share * weight) / fullWeight);
  });
}

/** Over all anchors, without each radio's greatest contributors: as many as may be corrupt. */
function strengthsOf(graph: TrustGraph, anchors: readonly number[], { trust }: Pick<TrustNumbers, 'trust'>) {
  const dropped = Math.floor(anchors.length / trust.robustAnchors);
  const totals = new Float64Array(graph.size);
  const isAnchor = new Set(anchors);
  /** By radio: its `dropped` greatest contributions so far, descending. */
  const greatest = Array.from({ length: dropped }, () => new Float64Array(graph.size));
  for (const anchor of anchors) {
    const held = strengthsFrom(graph, anchor, isAnchor, trust.rounds);
    for (let v = 0; v < graph.size; v++) {
      let strength = held[v] as number;
      totals[v] = (totals[v] as number) + strength;
      for (let i = 0; i < dropped && strength > 0; i++) {
        const rank = greatest[i] as Float64Array;
        const other = rank[v] as number;
        if (strength <= other) continue;
        rank[v] = strength;
        strength = other;
      }
    }
  }
  for (const rank of greatest) rank.forEach((strength, v) => (totals[v] = (totals[v] as number) - strength));
  return totals;
}

/**
 * Σ over the rounds of what each radio holds for each unit of weight: the mean of its neighbours' the round before. Other
 * anchors pass nothing on.
 */
function strengthsFrom(graph: TrustGraph, anchor: number, isAnchor: ReadonlySet<number>, rounds: number): Float64Array {
  const { size, starts, ends, weights, degrees } = graph;
  const held = new Float64Array(size);
  let now = new Float64Array(size);
  now[anchor] = START;
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(size);
    for (let v = 0; v < size; v++) {
      if (v !== anchor && isAnchor.has(v)) continue;
      let sum = 0;
      for (let i = starts[v] as number; i < (starts[v + 1] as number); i++) {
        sum += (weights[i] as number) * (now[ends[i] as number] as number);
      }
      if (sum === 0) continue;
      const strength = Math.floor(sum / (degrees[v] as number));
      next[v] = strength;
      held[v] = (held[v] as number) + strength;
    }
    now = next;
  }
  return held;
}

/** The median over the anchors of the median strength among each one's neighbours that are none; 0 without any. */
function typicalStrength(graph: TrustGraph, anchors: readonly number[], strengths: Float64Array): number {
  const isAnchor = new Set(anchors);
  const medians = anchors.flatMap((anchor) => {
    const neighbours: number[] = [];
    for (let i = graph.starts[anchor] as number; i < (graph.starts[anchor + 1] as number); i++) {
      const end = graph.ends[i] as number;
      if (!isAnchor.has(end)) neighbours.push(strengths[end] as number);
    }
    const median = lowerMedian(neighbours);
    return median === undefined ? [] : [median];
  });
  return lowerMedian(medians) ?? 0;
}
