import { type EpochView, TOKEN_DECIMALS, type VerdictView } from '@sextant/oracle/api';
import { CHEATS, type Cheat } from '../simulator/city-plan.ts';
import { formatDuration } from './durations.ts';
import type { Palette } from './progress/progress.ts';
import { formatTable } from './progress/table.ts';

/** What became of what a kind of cheat sent, or was heard to have sent. */
export interface CaughtCheat {
  readonly cheat: Cheat;
  /** Verdicts on its reports, and on receptions of its beacons. */
  readonly judged: number;
  /** Why they were not valid, and so are not paid for. */
  readonly byReason: Readonly<Record<string, number>>;
}

const CHEAT_NAMES: Readonly<Record<Cheat, string>> = {
  moved_claim: 'claims a place 20 km off',
  one_room: 'one room claims a city',
  replay: 'replays beacons',
  over_power: 'sends louder than said',
  invented_witness: 'invents receptions',
};

/** Sorts an epoch's verdicts by the cheats they are about; `cheatOf` knows who is one by id. */
export function sortByCheat(
  verdicts: readonly VerdictView[],
  cheatOf: (id: string) => Cheat | undefined,
): readonly CaughtCheat[] {
  const caught = new Map(CHEATS.map((cheat) => [cheat, { judged: 0, byReason: {} as Record<string, number> }]));
  for (const { reporter, sender, outcome, reason } of verdicts) {
    const cheat = cheatOf(reporter.id) ?? (sender && cheatOf(sender.id));
    const entry = cheat && caught.get(cheat);
    if (!entry) continue;
    entry.judged++;
    if (outcome !== 'valid') entry.byReason[reason] = (entry.byReason[reason] ?? 0) + 1;
  }
  return [...caught].flatMap(([cheat, entry]) => (entry.judged > 0 ? [{ cheat, ...entry }] : []));
}

const grouped = (digits: string): string => digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** Base units as tokens with two decimals, cut: `1,234.56`. */
export function formatTokens(baseUnits: string): string {
  const padded = baseUnits.padStart(TOKEN_DECIMALS + 1, '0');
  const whole = padded.slice(0, -TOKEN_DECIMALS);
  return `${grouped(whole)}.${padded.slice(-TOKEN_DECIMALS).slice(0, 2)}`;
}

export const formatCount = (count: number): string => grouped(String(count));

const listReasons = (byReason: Readonly<Record<string, number>>): string =>
  Object.entries(byReason)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} ${formatCount(count)}`)
    .join(', ');

/** What waits for proof: of hotspots whose place is not proven yet, half of what they would earn. */
const describeHeld = ({ held }: EpochView): readonly string[][] =>
  held === '0'
    ? []
    : [['held', `${formatTokens(held)} of it: grace pay of hotspots whose place is not proven yet, paid once it is`]];

function describePaid({ byClass, hotspotsPaid, held }: EpochView): string {
  const hotspots = String(BigInt(byClass.beaconer) + BigInt(byClass.witness));
  const parts: readonly (readonly [amount: string, to: string])[] = [
    [
      hotspots,
      held === '0'
        ? `to ${formatCount(hotspotsPaid)} hotspots`
        : `to hotspots, ${formatCount(hotspotsPaid)} of them proven`,
    ],
    [byClass.survey, 'to survey cars'],
    [byClass.validator, 'to the validator'],
  ];
  const paid = parts.filter(([amount]) => amount !== '0');
  return paid.map(([amount, to]) => `${formatTokens(amount)} ${to}`).join(', ') || 'nobody has earned any';
}

/** What a closed epoch brought, as lines for people. */
export function describeEpoch(
  epoch: EpochView,
  caught: readonly CaughtCheat[],
  { sinceStartMs, palette }: { readonly sinceStartMs: number; readonly palette: Palette },
): readonly string[] {
  const { good, bad, faint, strong } = palette;
  const { valid, invalid, insufficient } = epoch.outcomes;
  const refused = listReasons(epoch.byReason);
  const rows = [
    ['paid', `${strong(formatTokens(epoch.total))} tokens: ${describePaid(epoch)}`],
    ...describeHeld(epoch),
    [
      'verdicts',
      `${good(formatCount(valid))} valid, ${bad(formatCount(invalid))} invalid, ${formatCount(insufficient)} insufficient`,
    ],
    ...(refused === '' ? [] : [['reasons', refused]]),
    [
      'coverage',
      `${formatCount(epoch.hexes.covered)} hexes, ${formatCount(epoch.hexes.surveyedNotCovered)} surveyed without`,
    ],
  ];
  const cheats = caught.map(({ cheat, judged, byReason }) => {
    const count = Object.values(byReason).reduce((sum, n) => sum + n, 0);
    const reasons =
      count === 0 ? faint('nothing refused yet') : `${formatCount(count)} refused: ${listReasons(byReason)}`;
    return [CHEAT_NAMES[cheat], `${formatCount(judged)} judged,`, reasons];
  });
  return [
    '',
    `  ${strong(`Epoch ${epoch.epoch}`)} closed ${faint(`${formatDuration(sinceStartMs)} after the start`)}`,
    ...formatTable(rows).map((line) => `    ${line}`),
    ...(cheats.length === 0 ? [] : [`    ${faint('the cheaters')}`]),
    ...formatTable(cheats).map((line) => `      ${line}`),
    '',
  ];
}
