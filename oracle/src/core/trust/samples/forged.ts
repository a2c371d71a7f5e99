import { findCellCentre } from '../../geometry/cell.ts';
import type { CellCache, CellCentre } from '../../geometry/cell-cache.ts';
import { distanceM } from '../../geometry/distance.ts';
import type { LinkStatistic, NetworkEvidence } from '../../location/evidence.ts';
import { IntegerRandom } from './integer-random.ts';
import { statisticOf } from './small-world.ts';

/** Invents the mean path loss of a link, ddB, from its claimed length and a random source. */
export type LossForger = (apartM: number, random: IntegerRandom) => number;

interface Forgery {
  readonly seed: number;
  readonly lossOf: LossForger;
  /** Of each invented packet. */
  readonly spreadDdb?: number;
  /** The liar knows the secret power of each beacon. */
  readonly knowsSteps?: boolean;
}

/** Adds receptions the given receivers invent of the given senders, ten each, in place of any they had. */
export function withForged(
  evidence: NetworkEvidence,
  pairs: readonly (readonly [sender: number, receiver: number])[],
  { seed, lossOf, spreadDdb = 0, knowsSteps = true }: Forgery,
): NetworkEvidence {
  const random = new IntegerRandom(seed);
  const cache: CellCache = new Map<bigint, CellCentre>();
  const forged = pairs.map(([sender, receiver]): LinkStatistic => {
    const [from, to] = [evidence.radios[sender]?.cell ?? 0n, evidence.radios[receiver]?.cell ?? 0n];
    const [a, b] = [findCellCentre(from, cache), findCellCentre(to, cache)];
    if (!a || !b) throw new RangeError('a sample claims no cell');
    const loss = lossOf(Math.max(1, distanceM(a, b)), random);
    const levels = Array.from({ length: 10 }, (_, i) => {
      const x = 140 - 30 * (i % 3);
      return { x, y: (knowsSteps ? x : 110) - loss + (spreadDdb === 0 ? 0 : random.normal(spreadDdb)) };
    });
    return { ...statisticOf(levels), sender, receiver, senderCell: from };
  });
  const names = new Set(pairs.map(([sender, receiver]) => `${sender} ${receiver}`));
  const kept = evidence.links.filter(({ sender, receiver }) => !names.has(`${sender} ${receiver}`));
  return { ...evidence, links: [...kept, ...forged] };
}

/** Each of them of each other, both directions. */
export function everyDirection(members: readonly number[]): [number, number][] {
  return members.flatMap((a) => members.filter((b) => b !== a).map((b): [number, number] => [a, b]));
}
