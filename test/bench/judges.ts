/**
 * How much of what signals can tell this network tells: `npm run bench:judges [-- --seed S --seeds N --km K --json FILE --svg FILE]`. Worlds as in
 * `npm run bench:detection`, 20 % attackers; all claims of their last day are judged by a judge who knows all but the shadows, by one who must learn the law
 * and the walls from the same losses, and by this network.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { drawCurves } from '../detection/measure/curve-chart.ts';
import { CURVE_JUDGES, type JudgedClaim, judgeWorld, toldAt } from '../detection/measure/judge-curve.ts';
import { openProgress } from '../network/progress/open-progress.ts';
import { formatTable } from '../network/progress/table.ts';

const SIZES = { honest: 60, settledEpochs: 5, attackEpochs: 7, attackerShare: 0.2 };
const FALSE_REJECTED = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1];

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    km: { type: 'string', multiple: true, default: ['1', '3', '5'] },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
});
const seeds = Number(values.seeds);
const kms = values.km.map(Number);
if (!Number.isInteger(seeds) || seeds < 1 || kms.some((km) => !(km > 0))) {
  console.error(
    '--seeds takes how many worlds, --km how far claims are moved, in km; --km can be given several times.',
  );
  process.exit(2);
}
const claims = new Map<number, JudgedClaim[]>(kms.map((km) => [km, []]));
const progress = openProgress(process.stderr);
for (let i = 0; i < seeds; i++) {
  progress.live(`${i} of ${seeds} worlds`);
  for (const one of judgeWorld(kms, { ...SIZES, seed: `${values.seed}/${i}` })) claims.get(one.km)?.push(...one.claims);
}
progress.close();

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const curves = [...claims].map(([km, judged]) => ({
  km,
  honest: judged.filter(({ isLiar }) => !isLiar).length,
  liars: judged.filter(({ isLiar }) => isLiar).length,
  points: FALSE_REJECTED.map((falseRejected) => ({
    falseRejected,
    ideal: toldAt(judged, 'ideal', falseRejected),
    learner: toldAt(judged, 'learner', falseRejected),
    network: toldAt(judged, 'network', falseRejected),
  })),
}));
for (const { km, honest, liars, points } of curves) {
  console.log(
    `\nClaims moved ${km} km: ${liars}, and ${honest} true ones. Told, where so many true ones may be rejected:`,
  );
  const rows = CURVE_JUDGES.map((judge) => [judge, ...points.map((point) => percent(point[judge]))]);
  const head = ['', ...FALSE_REJECTED.map(percent)];
  console.log(formatTable([head, ...rows], head.map((_, i) => i).slice(1)).join('\n'));
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seeds, curves }, null, 2)}\n`);
if (values.svg !== undefined) {
  const command = `npm run bench:judges -- --seed ${values.seed} --seeds ${seeds} ${kms.map((km) => `--km ${km}`).join(' ')} --svg FILE`;
  writeFileSync(values.svg, drawCurves(claims, command));
}
