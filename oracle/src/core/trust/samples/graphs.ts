import { INITIAL_STANDING, type LinkStatistic, type NetworkEvidence, type Radio } from '../../location/evidence.ts';
import { statisticOf } from './small-world.ts';

/** Two radios that hear each other. */
export type Pair = readonly [number, number];

/** Evidence in which radios of so many owners hear each other in pairs, often enough; the given ones are anchors. */
export function graphEvidence(size: number, pairs: readonly Pair[], anchors: readonly number[]): NetworkEvidence {
  const radios = Array.from({ length: size }, (_, i) => graphRadio(i, anchors.includes(i)));
  const links: LinkStatistic[] = pairs.flatMap(([a, b]) => [oneWay(a, b), oneWay(b, a)]);
  return { epoch: 20, radios, links, standings: radios.map(() => INITIAL_STANDING) };
}

/** `receiver` has heard `sender` so many times. */
export function oneWay(sender: number, receiver: number, count = 10): LinkStatistic {
  const levels = Array.from({ length: count }, (_, i) => ({ x: 140 - 30 * (i % 3), y: -950 - 30 * (i % 3) }));
  return { ...statisticOf(levels), sender, receiver, senderCell: 0n };
}

function graphRadio(i: number, anchor: boolean): Radio {
  const key = new Uint8Array(32);
  key.set([i >> 16, (i >> 8) & 0xff, i & 0xff]);
  return { key, kind: 'hotspot', owner: i, anchor, fromEpoch: 0, transmissions: 28, onlineRounds: 28 };
}

/** Every two of them. */
export function complete(members: readonly number[]): Pair[] {
  return members.flatMap((a, i) => members.slice(i + 1).map((b): Pair => [a, b]));
}
