/**
 * What signals can tell at all of a claim that is moved a few kilometres: `npm run bench:ideal [-- --seed S --seeds N --json FILE]`. Worlds as
 * in `npm run bench:detection`, and a judge who knows everything but the shadows.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { rateIdealJudge } from '../detection/measure/ideal-judge.ts';

const HONEST = 60;
const JUDGED = 100;
/** As many honest hotspots as may be harmed. */
const FALSE_REJECTED = 0.005;
const JUDGES = ['place', 'distance', 'untold'] as const;
const DISTANCES_KM = [1, 2, 3, 5, 10, 20, 40];

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    json: { type: 'string' },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => `${values.seed}/${i}`);
console.log(
  `${seeds.length} worlds of ${HONEST} honest hotspots. The judge knows the law, the walls and the places of all, every loss below 165 dB, and ` +
    `the one other place, or only how far it is away, or neither nor the walls of the one that is judged. ${100 * FALSE_REJECTED} % of true claims are rejected.`,
);
console.log('moved by\tcaught\tby who knows only how far\tby who knows neither, nor its walls');
const rates = DISTANCES_KM.map((km) => {
  const options = { seeds, honest: HONEST, judged: JUDGED, km, falseRejected: FALSE_REJECTED };
  const caught = JUDGES.map((judge) => rateIdealJudge(judge, options));
  console.log([`${km} km`, ...caught.map((share) => `${(100 * share).toFixed(1)} %`)].join('\t'));
  return { km, ...Object.fromEntries(JUDGES.map((judge, i) => [judge, caught[i]])), n: seeds.length * JUDGED };
});
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ falseRejected: FALSE_REJECTED, rates }, null, 2)}\n`);
