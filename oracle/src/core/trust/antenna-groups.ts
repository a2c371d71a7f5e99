import { divideRounded, lowerMedian } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { type Contrast, commonOf, contrasts, type End, type Ends, likelierOneAntenna } from './antenna-odds.ts';
import type { Likeness } from './likeness.ts';

type Numbers = TrustNumbers['collusion'];

/** Radios whose levels together speak for one antenna. */
export interface AntennaGroup {
  /** In the order they were found. */
  readonly members: readonly number[];
  /** Links the last one has in common with the others together. */
  readonly common: number;
  /** By how much one antenna explains all their levels better than one each, micronats. */
  readonly likelierMicronats: number;
  /** What that must be above for so many members, micronats. */
  readonly limitMicronats: number;
}

/**
 * Groups that are plainer together than any two of them are. A pair that looks rather like one antenna begins one; who fits the
 * mean levels of all members best joins, while it fits them much better than an antenna of its own would. The mean of a dozen keys
 * knows the paths of their antenna almost without fading, so that a few receptions of the next one say much. Groups of m can be
 * chosen in many more ways than pairs: each further member has to bring its share.
 */
export function findAntennaGroups(ends: readonly Ends[], likeness: Likeness, numbers: Numbers): AntennaGroup[] {
  const taken = new Set<number>();
  const contrastOf = contrasts(numbers);
  const groups: AntennaGroup[] = [];
  for (const [first, second] of likeness.plainestFirst(numbers.twinSeedMicronats)) {
    if (taken.has(first) || taken.has(second)) continue;
    const group = grow([first, second], { ends, likeness, numbers, taken, contrastOf });
    if (!group || group.likelierMicronats <= group.limitMicronats) continue;
    for (const member of group.members) taken.add(member);
    groups.push(group);
  }
  return groups;
}

interface Given {
  readonly ends: readonly Ends[];
  readonly likeness: Likeness;
  readonly numbers: Numbers;
  readonly taken: ReadonlySet<number>;
  readonly contrastOf: (a: End, b: End) => Contrast;
}

function grow([first, second]: readonly [number, number], given: Given): AntennaGroup | undefined {
  const { ends, likeness, numbers, taken } = given;
  const antenna = new MeanAntenna(ends[first] ?? []);
  const members = [first];
  const candidates = new Set<number>([second]);
  let [likelierMicronats, common] = [0, 0];
  for (;;) {
    const levels = antenna.byEnd();
    const [best] = [...candidates]
      .map((radio) => ({ radio, ...fitOf(radio, levels, members, given) }))
      .filter(({ radio, micronats }) => micronats > neededOf(radio, members, given))
      .sort((a, b) => b.micronats - a.micronats || a.radio - b.radio);
    if (!best) break;
    members.push(best.radio);
    antenna.add(ends[best.radio] ?? [], best.constantDdb);
    likelierMicronats += best.micronats;
    common = best.common;
    for (const member of members) for (const other of likeness.likelyOf(member)) candidates.add(other);
    for (const radio of [...members, ...taken]) candidates.delete(radio);
  }
  if (members.length < 3) return undefined;
  const limitMicronats = numbers.twinMicronats + (members.length - 2) * numbers.twinMemberMicronats;
  return { members, common, likelierMicronats, limitMicronats };
}

/** What the next one must bring. Keys of one antenna come together mostly: of another age, as much as a pair of twins. */
function neededOf(radio: number, [first = 0, ...others]: readonly number[], { likeness, numbers }: Given): number {
  if (others.length === 0) return numbers.twinSeedMicronats;
  return likeness.areOfOneAge(radio, first) ? numbers.twinJoinMicronats : numbers.twinMicronats;
}

/**
 * How much better a radio fits an antenna's mean levels than one of its own. What members, their likes or anybody says who
 * came later than one of them does not count; and of ends that look like one the first.
 */
function fitOf(radio: number, levels: ReadonlyMap<number, End>, members: readonly number[], given: Given) {
  const { contrastOf, ends, likeness, numbers } = given;
  const own = commonOf(levels, ends[radio] ?? [], contrastOf);
  const isTheirs = (end: number) => members.includes(end) || likeness.isLikelierOne(end, radio);
  const counted = likeness.independentOf(own.ends, [radio, ...members], isTheirs);
  const constantDdb = lowerMedian(counted.map((i) => own.differences[i] as number)) ?? 0;
  const micronats = counted.length < numbers.twinLinks ? 0 : likelierOneAntenna(own, counted, numbers);
  return { micronats, constantDdb, common: counted.length };
}

/** Of a variance of 1 ddB². */
const WEIGHT = 1_000_000_000;

/** The mean levels of several keys of one antenna, each off by a constant. */
class MeanAntenna {
  readonly #sums = new Map<number, { sum: number; weight: number; isStrong: boolean }>();

  constructor(first: Ends) {
    this.add(first, 0);
  }

  /** `constantDdb`: by how much the antenna's levels are above its. */
  add(ends: Ends, constantDdb: number): void {
    for (const { end, lossDdb, varianceDdb2, isStrong } of ends) {
      const known = this.#sums.get(end) ?? { sum: 0, weight: 0, isStrong: true };
      const weight = Math.floor(WEIGHT / varianceDdb2);
      known.sum += (lossDdb + constantDdb) * weight;
      known.weight += weight;
      known.isStrong &&= isStrong;
      this.#sums.set(end, known);
    }
  }

  byEnd(): Map<number, End> {
    const means = [...this.#sums].map(([end, { sum, weight, isStrong }]): [number, End] => {
      const varianceDdb2 = Math.max(1, divideRounded(WEIGHT, weight));
      return [end, { end, lossDdb: divideRounded(sum, weight), varianceDdb2, isStrong }];
    });
    return new Map(means);
  }
}
