import type { NetworkEvidence, Standing } from '../location/evidence.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { isDismissed } from './standing-accusations.ts';

/** Confirmed links between radios, both ways and with weights. Nodes are places in `evidence.radios`. */
export interface TrustGraph {
  readonly size: number;
  /** Neighbours of node v: `ends` and `weights` from `starts[v]` to before `starts[v + 1]`, ascending. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly weights: Int32Array;
  /** Σ weights of a node's links. */
  readonly degrees: Float64Array;
  /** The same of its mutual links alone. */
  readonly mutualDegrees: Float64Array;
}

/**
 * Trust flows over a link that both ends confirm: each has heard the other often enough, so each has transmitted and each
 * has listened. Where one has heard the other often enough and the other has answered once, the link weighs less; so it does
 * where the silent end only listens, or the sender is a survey device: it rests on one word. Nothing flows through a radio
 * whose place is in doubt, or that stands accused.
 */
export function buildTrustGraph(evidence: NetworkEvidence, numbers: Pick<TrustNumbers, 'trust'>): TrustGraph {
  const { radios } = evidence;
  const size = radios.length;
  const conducts = evidence.standings.map(isUnblemished);
  const counts = countReceptions(evidence);
  const { minReceptions, mutualWeight, answeredWeight, oneWayWeight } = numbers.trust;
  const links: { readonly a: number; readonly b: number; readonly weight: number }[] = [];
  const mutualDegrees = new Float64Array(size);
  for (const [name, count] of counts) {
    const sender = Math.floor(name / size);
    const receiver = name % size;
    if (!conducts[sender] || !conducts[receiver] || radios[sender]?.owner === radios[receiver]?.owner) continue;
    const back = counts.get(receiver * size + sender) ?? 0;
    // Both directions are one link: it is looked at where the receiver has the greater number.
    if (back > 0 && sender > receiver) continue;
    if (Math.max(count, back) < minReceptions) continue;
    const isMutual = Math.min(count, back) >= minReceptions;
    const cannotAnswer = radios[sender]?.kind === 'survey_device' || radios[receiver]?.transmissions === 0;
    if (back === 0 && !cannotAnswer) continue;
    const weight = isMutual ? mutualWeight : back > 0 ? answeredWeight : oneWayWeight;
    links.push({ a: sender, b: receiver, weight });
    if (!isMutual) continue;
    mutualDegrees[sender] = (mutualDegrees[sender] as number) + mutualWeight;
    mutualDegrees[receiver] = (mutualDegrees[receiver] as number) + mutualWeight;
  }
  return { size, mutualDegrees, ...adjacencyOf(size, links) };
}

/** Its place is not in doubt, and nothing is held against it but what validators have dismissed. */
export function isUnblemished({ location, doubt, accusations }: Standing): boolean {
  return location !== 'invalid' && doubt === undefined && accusations.every(isDismissed);
}

/** Receptions in the window by sender × size + receiver, whatever cell the sender sent from. */
function countReceptions({ radios, links }: NetworkEvidence): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { sender, receiver, count } of links) {
    const name = sender * radios.length + receiver;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
}

function adjacencyOf(
  size: number,
  links: readonly { readonly a: number; readonly b: number; readonly weight: number }[],
) {
  const starts = new Int32Array(size + 1);
  for (const { a, b } of links) {
    starts[a + 1] = (starts[a + 1] as number) + 1;
    starts[b + 1] = (starts[b + 1] as number) + 1;
  }
  for (let v = 0; v < size; v++) starts[v + 1] = (starts[v + 1] as number) + (starts[v] as number);
  const ends = new Int32Array(2 * links.length);
  const weights = new Int32Array(2 * links.length);
  const degrees = new Float64Array(size);
  const next = starts.slice(0, size);
  const put = (from: number, to: number, weight: number): void => {
    const place = next[from] as number;
    ends[place] = to;
    weights[place] = weight;
    next[from] = place + 1;
    degrees[from] = (degrees[from] as number) + weight;
  };
  for (const { a, b, weight } of links) {
    put(a, b, weight);
    put(b, a, weight);
  }
  return { starts, ends, weights, degrees };
}
