import { RULE_SETS, type RuleSetName } from './network-run.ts';
import type { WorldSummary } from './summary.ts';

const ROW = 34;
const LEFT = 190;
const WIDTH = 560;
const TOP = 92;
const BAR = 11;
const COLOURS: Readonly<Record<RuleSetName, string>> = { sextant: '#0f766e', helium: '#b45309' };
const NAMES: Readonly<Record<RuleSetName, string>> = {
  sextant: 'Sextant, rule set 2',
  helium: 'Helium rules as published, no deny list',
};

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** Bars of the reward captured at one share of attackers, by attack, with their 95 % intervals: an SVG document. */
export function drawChart(summaries: readonly WorldSummary[], attackerShare: number, command: string): string {
  const rows = summaries.filter((one) => one.attackerShare === attackerShare);
  const attacks = [...new Set(rows.map(({ attack }) => attack))];
  const most = 1.25 * Math.max(0.04, attackerShare, ...rows.map(({ rewardCaptured }) => rewardCaptured));
  // Few seeds have wide intervals: a whisker ends at the edge.
  const x = (share: number): number => LEFT + (WIDTH * Math.min(share, most)) / most;
  const height = TOP + attacks.length * ROW + 46;
  const seeds = rows[0]?.seeds ?? 0;
  const bars = attacks.flatMap((attack, row) =>
    RULE_SETS.flatMap((ruleSet, i) => {
      const one = rows.find((other) => other.attack === attack && other.ruleSet === ruleSet);
      return one ? bar(one, TOP + row * ROW + i * (BAR + 3), x) : [];
    }),
  );
  const names = attacks.map(
    (attack, row) => `<text class="name" x="${LEFT - 10}" y="${TOP + row * ROW + 17}">${attack}</text>`,
  );
  const fair = x(attackerShare).toFixed(1);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 90} ${height}" role="img">`,
    `<title>Reward captured by attackers, ${percent(attackerShare)} of all hotspots, by attack</title>`,
    `<desc>Made by: ${command}</desc>`,
    STYLE,
    `<text class="title" x="16" y="28">Reward captured by ${percent(attackerShare)} attackers</text>`,
    `<text class="note" x="16" y="48">Part of what hotspots are paid; mean of ${seeds} worlds, whiskers 95 %. Dashed: what as many honest ones would get.</text>`,
    ...RULE_SETS.map(
      (ruleSet, i) =>
        `<rect x="${16 + i * 200}" y="60" width="12" height="12" fill="${COLOURS[ruleSet]}"/><text class="note" x="${34 + i * 200}" y="70">${NAMES[ruleSet]}</text>`,
    ),
    `<line class="fair" x1="${fair}" y1="${TOP - 6}" x2="${fair}" y2="${height - 40}"/>`,
    ...names,
    ...bars,
    `<text class="note" x="16" y="${height - 14}">${command}</text>`,
    '</svg>',
  ].join('\n')}\n`;
}

function bar(one: WorldSummary, y: number, x: (share: number) => number): string[] {
  const [low, high] = one.ci.rewardCaptured;
  const end = x(one.rewardCaptured);
  const middle = y + BAR / 2;
  return [
    `<rect x="${LEFT}" y="${y}" width="${Math.max(0.5, end - LEFT).toFixed(1)}" height="${BAR}" fill="${COLOURS[one.ruleSet]}"/>`,
    `<line class="whisker" x1="${x(Math.max(0, low)).toFixed(1)}" y1="${middle}" x2="${x(high).toFixed(1)}" y2="${middle}"/>`,
    `<text class="value" x="${(Math.max(end, x(high)) + 6).toFixed(1)}" y="${y + 10}">${percent(one.rewardCaptured)}</text>`,
  ];
}

const STYLE = `<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2937; }
  .title { font-size: 16px; font-weight: 600; }
  .note, .value { font-size: 11px; fill: #4b5563; }
  .name { text-anchor: end; }
  .whisker { stroke: #111827; stroke-width: 1; }
  .fair { stroke: #6b7280; stroke-dasharray: 4 4; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb; } .note, .value { fill: #9ca3af; } .whisker { stroke: #f9fafb; }
  }
</style>`;
