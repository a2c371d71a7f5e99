import type { Check } from '@sextant/firmware-bridge/protocol';
import { formatCount } from '../network/epoch-report.ts';
import type { Palette } from '../network/progress/progress.ts';
import { formatTable } from '../network/progress/table.ts';
import type { ReplayResult } from './replay-run.ts';

/** Honest links may be called invalid this often. */
const LIMIT_PERCENT = 0.5;

/** What came of a replay, as lines for people: invalid links one by one, insufficient ones apart. */
export function describeResult(result: ReplayResult, withoutGateway: number, palette: Palette): readonly string[] {
  const { links, outcomes, invalid, byReason, transmissions, epochs } = result;
  const { good, bad, strong, faint } = palette;
  const percent = (100 * outcomes.invalid) / Math.max(1, links);
  const share = `${percent.toFixed(2)} % of the links, ${LIMIT_PERCENT} % are allowed`;
  const { surveys, beacons, refused } = transmissions;
  const rows = [
    ['links', `${formatCount(links)} measured, ${formatCount(withoutGateway)} more have no gateway`],
    [
      'transmissions',
      `${formatCount(surveys)} surveys, ${formatCount(beacons)} beacons at SF10 and slower, ${formatCount(refused)} refused`,
    ],
    [
      'reports',
      `${formatCount(result.reportsSent)} sent, ${(result.receipts === result.reportsSent ? strong : bad)(formatCount(result.receipts))} receipts`,
    ],
    ['valid', good(formatCount(outcomes.valid))],
    ['invalid', `${(percent <= LIMIT_PERCENT ? good : bad)(formatCount(outcomes.invalid))} ${faint(share)}`],
    ['insufficient', `${formatCount(outcomes.insufficient)} ${faint('no blame')}`],
    ...(result.unjudged.length > 0 ? [['without verdict', bad(`rows ${result.unjudged.join(', ')}`)]] : []),
    [
      'reasons',
      Object.entries(byReason)
        .map(([reason, count]) => `${reason} ${formatCount(count)}`)
        .join(', ') || 'none',
    ],
    ['coverage', `${formatCount(result.hexes)} hexes`],
    ...epochs.flatMap(({ epoch, roots }) =>
      Object.entries(roots).map(([name, root]) => [`${name} ${epoch}`, faint(root)]),
    ),
    ['root', strong(result.root)],
    ['time', `${result.seconds} s`],
  ];
  return [
    '',
    ...formatTable(rows).map((line) => `  ${line}`),
    ...(invalid.length > 0 ? ['', '  Links called invalid'] : []),
    ...invalid.map(({ row, reason, checks }) => `    row ${row}: ${reason} ${faint(broken(checks))}`),
    '',
  ];
}

/** The comparison that decided. */
const broken = (checks: readonly Check[]): string =>
  checks
    .filter(({ margin }) => margin !== undefined && margin < 0)
    .map(({ check, observed, limit, unit }) => `${check} ${observed} ${unit}, limit ${limit}`)
    .join('; ');
