import type { LocationNumbers } from '../ruleset/rule-set.ts';
import type { PairEvidence } from './gather-pairs.ts';
import type { PairHearing } from './hearing-curve.ts';

/** What has become of a pair's link. */
type Fate = 'kept' | 'gone' | 'unknown';

/**
 * Hotspots most of whose links are gone at once, while the others' are not: carried away, or with a broken antenna. Nothing is
 * asked about places. A link is gone if in the newest epoch hardly anything came through, either way, of what always did; what they
 * hear from where they are now says nothing about those around the place they claim.
 */
export function findAstray(
  whole: PairEvidence,
  newest: PairEvidence,
  { location }: Pick<LocationNumbers, 'location'>,
): Set<number> {
  const { index } = whole;
  const fates = index.evidence.radios.map(({ kind }, i) =>
    kind === 'hotspot' ? fatesOf(i, whole, newest, location) : NO_FATES,
  );
  const lost = fates.map((of) => shareGone(of, () => true));
  return new Set(
    [...lost.keys()].filter((i) => {
      const own = lost[i] as number;
      // Who lost more is no witness: its links are gone by its own doing.
      return own > HALF && shareGone(fates[i] as Fates, (other) => (lost[other] as number) < own) > HALF;
    }),
  );
}

/** By the other end. */
type Fates = ReadonlyMap<number, Fate>;

const NO_FATES: Fates = new Map();
const WHOLE = 10_000;
const HALF = 5_000;

function fatesOf(i: number, whole: PairEvidence, newest: PairEvidence, numbers: LocationNumbers['location']): Fates {
  const { index } = whole;
  const others = [
    ...index.sentBy(i).map(({ receiver }) => receiver),
    ...index.heardBy(i).map(({ sender }) => sender),
  ].filter((other) => index.radio(other).kind === 'hotspot');
  const fates = [...new Set(others)].map((other): [number, Fate] => {
    return [other, fateOf(whole.pairs.hearingOf(i, other), newest.pairs.hearingOf(i, other), numbers)];
  });
  return new Map(fates);
}

function fateOf(all: PairHearing, now: PairHearing, { goneExpected, goneTimes }: LocationNumbers['location']): Fate {
  const before = { count: all.count - now.count, chances: all.chances - now.chances };
  // As many of the newest chances as of those before are expected to come through.
  const expected = before.count * now.chances;
  if (before.chances <= 0 || expected < goneExpected * before.chances) return 'unknown';
  return goneTimes * now.count * before.chances < expected ? 'gone' : 'kept';
}

/** In 1/10,000 of the links that are known about, with those who are asked; 0 if there are none. */
function shareGone(fates: Fates, isAsked: (other: number) => boolean): number {
  let [gone, known] = [0, 0];
  for (const [other, fate] of fates) {
    if (fate === 'unknown' || !isAsked(other)) continue;
    known++;
    if (fate === 'gone') gone++;
  }
  return known === 0 ? 0 : Math.floor((WHOLE * gone) / known);
}
