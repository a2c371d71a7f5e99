import { CURVE_JUDGES, type CurveJudge, type JudgedClaim, toldAt } from './judge-curve.ts';

const SIDE = 300;
const GAP = 56;
const LEFT = 60;
const TOP = 96;
/** Room for the name of a judge. */
const KEY = 236;
/** The part of true claims that may be rejected ends here. */
const MOST_REJECTED = 0.1;
const STEPS = 50;
const COLOURS: Readonly<Record<CurveJudge, string>> = { ideal: '#6b7280', learner: '#2563eb', network: '#0f766e' };
const NAMES: Readonly<Record<CurveJudge, string>> = {
  ideal: 'knows all but the shadows',
  learner: 'must learn the law and the walls',
  network: 'this network',
};

/** For each distance a panel: the part of moved claims each judge tells, by the part of true ones it may reject. An SVG document. */
export function drawCurves(claims: ReadonlyMap<number, readonly JudgedClaim[]>, command: string): string {
  const width = Math.max(16 + CURVE_JUDGES.length * KEY, LEFT + claims.size * (SIDE + GAP));
  const height = TOP + SIDE + 78;
  const panels = [...claims].map(([km, judged], i) => panel(km, judged, LEFT + i * (SIDE + GAP)));
  const keys = CURVE_JUDGES.map((judge, i) => {
    const x = 16 + i * KEY;
    return `<rect x="${x}" y="56" width="12" height="12" fill="${COLOURS[judge]}"/><text class="note" x="${x + 18}" y="66">${NAMES[judge]}</text>`;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>Part of moved claims that is told, by the part of true ones that may be rejected</title>',
    `<desc>Made by: ${command}</desc>`,
    STYLE,
    '<text class="title" x="16" y="28">Moved claims told, by the part of true claims that may be rejected</text>',
    ...keys,
    ...panels.flat(),
    `<text class="note" x="16" y="${height - 12}">${command}</text>`,
    '</svg>',
  ].join('\n')}\n`;
}

function panel(km: number, judged: readonly JudgedClaim[], left: number): string[] {
  const x = (rejected: number): string => (left + (SIDE * rejected) / MOST_REJECTED).toFixed(1);
  const y = (told: number): string => (TOP + SIDE * (1 - told)).toFixed(1);
  const lines = CURVE_JUDGES.map((judge) => {
    const points = Array.from({ length: STEPS + 1 }, (_, i) => {
      const rejected = (MOST_REJECTED * i) / STEPS;
      return `${x(rejected)},${y(toldAt(judged, judge, rejected))}`;
    });
    return `<polyline points="${points.join(' ')}" stroke="${COLOURS[judge]}"/>`;
  });
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((told) => [
    `<line x1="${left}" y1="${y(told)}" x2="${left + SIDE}" y2="${y(told)}"/>`,
    `<text class="told" x="${left - 6}" y="${Number(y(told)) + 4}">${100 * told} %</text>`,
  ]);
  const marks = [0, 0.02, 0.05, 0.1].map((rejected) => {
    return `<text class="rejected" x="${x(rejected)}" y="${TOP + SIDE + 18}">${100 * rejected} %</text>`;
  });
  const name = `<text class="rejected" x="${left + SIDE / 2}" y="${TOP + SIDE + 38}">moved ${km} km</text>`;
  return [...grid, ...marks, name, ...lines];
}

const STYLE = `<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2937; }
  .title { font-size: 16px; font-weight: 600; }
  .note { font-size: 11px; fill: #4b5563; }
  .told { text-anchor: end; }
  .rejected { text-anchor: middle; }
  line { stroke: #9ca3af; stroke-width: 0.5; }
  polyline { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) { text { fill: #e5e7eb; } .note { fill: #9ca3af; } }
</style>`;
