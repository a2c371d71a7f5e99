/**
 * How much of what signals can tell this network tells: `npm run bench:judges [-- --seed S --seeds N --km K --json FILE --svg FILE]`. Worlds as in
 * `npm run bench:detection`, 20 % attackers; all claims of their last day are judged by a judge who knows all but the shadows, by one who must learn the law
 * and the walls from the same losses, and by this network.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { drawCurves } from '../detection/measure/curve-chart.ts';
import { CURVE_JUDGES, type JudgedClaim, judgeWorld, toldAt } from '../detection/measure/judge-curve.ts';
import { WORLD_SIZES } from '../detection/measure/run-seed.ts';
import { barOf } from '../network/progress/bar.ts';
import { openProgress } from '../network/progress/open-progress.ts';
import { formatTable } from '../network/progress/table.ts';

const ATTACKER_SHARE = 0.2;
const FALSE_REJECTED = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1];

const USAGE = `Usage: npm run bench:judges [-- options]
  --seed S      name of the first world's seed (default "1")
  --seeds N     worlds (default 20)
  --km K        how far claims are moved, in km; may be given several times (default 1, 3 and 5)
  --json FILE   write every number
  --svg FILE    draw the curves`;

const option = { type: 'string' } as const;

/** The command line, or what is wrong with it. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seed: option,
        seeds: option,
        km: { ...option, multiple: true },
        json: option,
        svg: option,
        help: { type: 'boolean' },
      },
    });
    const { help, json, km = ['1', '3', '5'], seed = '1', svg } = values;
    const [seeds, kms] = [Number(values.seeds ?? 20), [...new Set(km.map(Number))]];
    if (help) return USAGE;
    if (!Number.isInteger(seeds) || seeds < 1)
      return `--seeds is a whole number from 1, not "${values.seeds}"\n\n${USAGE}`;
    if (!kms.every((one) => one > 0 && one <= 100))
      return `--km is how far claims are moved, up to 100 km, not "${km.join('", "')}"\n\n${USAGE}`;
    return { seed, seeds, kms, json, svg };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}

function run({ seed, seeds, kms, json, svg }: Exclude<ReturnType<typeof readOptions>, string>): void {
  const claims = new Map<number, JudgedClaim[]>(kms.map((km) => [km, []]));
  const progress = openProgress(process.stderr);
  for (let i = 0; i < seeds; i++) {
    progress.live(barOf(i, seeds, 'worlds'));
    for (const one of judgeWorld(kms, { ...WORLD_SIZES, attackerShare: ATTACKER_SHARE, seed: `${seed}/${i}` }))
      claims.get(one.km)?.push(...one.claims);
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
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ seeds, curves }, null, 2)}\n`);
  if (svg !== undefined) {
    const command = `npm run bench:judges -- --seed ${seed} --seeds ${seeds} ${kms.map((km) => `--km ${km}`).join(' ')} --svg FILE`;
    writeFileSync(svg, drawCurves(claims, command));
  }
}

const options = readOptions();
if (typeof options === 'object') run(options);
else if (options === USAGE) console.log(USAGE);
else {
  console.error(options);
  process.exitCode = 2;
}
