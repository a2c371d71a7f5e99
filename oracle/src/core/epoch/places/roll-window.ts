import { LinkStatistics } from '../../location/link-statistics.ts';

/** Links and activity of one generation of epochs, or of a part of it. Radios are named by numbers. */
export interface OpenGeneration {
  readonly generation: number;
  readonly statistics: LinkStatistics;
  /** By number. */
  readonly activity: { transmissions: number; onlineRounds: number }[];
}

/**
 * The links of the last epochs. Two generations of equal length are kept: the one that grows and the whole one before. So
 * the window is one to two generations long; a state holds two sums a link, whatever its length, and the older generation
 * is stored once. Sums by epoch would be exact to the epoch, and seven times as large.
 */
export interface RolledWindow {
  /** Oldest first. */
  readonly generations: readonly OpenGeneration[];
  readonly whole: OpenGeneration;
  /** The epoch alone, then the generation that grows; of those only what is not all of the window. */
  readonly recent: readonly OpenGeneration[];
}

/** The window with one more epoch, `latest`, after what was kept so far. Neither is changed. */
export function rollWindow(before: readonly OpenGeneration[], latest: OpenGeneration): RolledWindow {
  const kept = before.filter(({ generation }) => generation >= latest.generation - 1);
  const begun = kept.find(({ generation }) => generation === latest.generation);
  const older = kept.filter((generation) => generation !== begun);
  const growing = begun ? joined(begun, latest) : latest;
  return {
    generations: [...older, growing],
    whole: older.reduce((all, generation) => joined(all, generation), growing),
    recent: [...(kept.length > 0 ? [latest] : []), ...(begun && older.length > 0 ? [growing] : [])],
  };
}

export function emptyGeneration(generation: number, radios: number): OpenGeneration {
  const activity = Array.from({ length: radios }, () => ({ transmissions: 0, onlineRounds: 0 }));
  return { generation, statistics: new LinkStatistics(), activity };
}

/** What both hold, as the first's generation. */
function joined(one: OpenGeneration, other: OpenGeneration): OpenGeneration {
  const both = emptyGeneration(one.generation, Math.max(one.activity.length, other.activity.length));
  for (const { statistics, activity } of [one, other]) {
    for (const link of statistics.list()) both.statistics.merge(link);
    both.activity.forEach((entry, i) => {
      entry.transmissions += activity[i]?.transmissions ?? 0;
      entry.onlineRounds += activity[i]?.onlineRounds ?? 0;
    });
  }
  return both;
}
