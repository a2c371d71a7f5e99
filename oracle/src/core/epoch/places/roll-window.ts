import type { LinkStatistic, RecentEvidence } from '../../location/evidence.ts';
import { LinkStatistics } from '../../location/link-statistics.ts';
import type { LinkGeneration, RadioActivity } from '../state/place-state.ts';

/**
 * The links of the last epochs. Two generations of equal length are kept: the one that grows and the whole one before. So
 * the window is one to two generations long; a state holds two sums a link, whatever its length, and the older generation
 * is stored once. Sums by epoch would be exact to the epoch, and seven times as large.
 */
export interface LinkWindow {
  /** Of the next state, oldest first. */
  readonly generations: readonly LinkGeneration[];
  /** All of the window, by the radios' places in the list. */
  readonly links: readonly LinkStatistic[];
  readonly activity: readonly RadioActivity[];
  /** The epoch alone, and the generation that grows; of those only what is not all of the window. */
  readonly recent: readonly RecentEvidence[];
}

/** One generation while it is put together, by the radios' places in the list. */
export interface OpenGeneration {
  readonly generation: number;
  readonly statistics: LinkStatistics;
  readonly activity: { transmissions: number; onlineRounds: number }[];
}

/**
 * The window with one more epoch, `latest`, after the kept generations. Radios are named by their place among `keys`. Of the
 * parts that are judged alone the shortest comes first.
 */
export function rollWindow(
  kept: readonly OpenGeneration[],
  latest: OpenGeneration,
  keys: readonly Uint8Array[],
): LinkWindow {
  const begun = kept.find(({ generation }) => generation === latest.generation);
  const older = kept.filter((generation) => generation !== begun);
  const growing = begun ? joined(begun, latest) : latest;
  const generations = [...older, growing].sort((a, b) => a.generation - b.generation);
  const whole = generations.reduce(joined, emptyGeneration(latest.generation, keys.length));
  return {
    generations: generations.map((generation) => packed(generation, keys)),
    links: whole.statistics.list(),
    activity: whole.activity,
    recent: [...(kept.length > 0 ? [partOf(latest)] : []), ...(begun && older.length > 0 ? [partOf(growing)] : [])],
  };
}

export function emptyGeneration(generation: number, radios: number): OpenGeneration {
  const activity = Array.from({ length: radios }, () => ({ transmissions: 0, onlineRounds: 0 }));
  return { generation, statistics: new LinkStatistics(), activity };
}

/** What both hold, as the first's generation. */
function joined(one: OpenGeneration, other: OpenGeneration): OpenGeneration {
  const both = emptyGeneration(one.generation, one.activity.length);
  for (const { statistics, activity } of [one, other]) {
    for (const link of statistics.list()) both.statistics.merge(link);
    both.activity.forEach((entry, i) => {
      entry.transmissions += activity[i]?.transmissions ?? 0;
      entry.onlineRounds += activity[i]?.onlineRounds ?? 0;
    });
  }
  return both;
}

const partOf = ({ statistics, activity }: OpenGeneration): RecentEvidence => ({ links: statistics.list(), activity });

/** Only the radios that have done something, so that the older generation stays the same while others come and go. */
function packed({ generation, statistics, activity }: OpenGeneration, keys: readonly Uint8Array[]): LinkGeneration {
  const links = statistics.list();
  const used = new Set(links.flatMap(({ sender, receiver }) => [sender, receiver]));
  activity.forEach(({ transmissions, onlineRounds }, i) => {
    if (transmissions + onlineRounds > 0) used.add(i);
  });
  const numbers = [...used].sort((a, b) => a - b);
  const place = new Map(numbers.map((number, i) => [number, i]));
  return {
    generation,
    keys: numbers.map((number) => keys[number] as Uint8Array),
    activity: numbers.map((number) => ({ ...(activity[number] as RadioActivity) })),
    links: links.map((link) => ({
      ...link,
      sender: place.get(link.sender) as number,
      receiver: place.get(link.receiver) as number,
    })),
  };
}
