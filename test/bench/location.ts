/**
 * What the location test costs, and that its search from coarse to fine finds what comparing every cell finds:
 * `npm run bench:location -- [--cases 10000] [--seed 1] [--json]`. Random hotspots with 14 links, every other one in an area
 * whose law is known; times are of the processor, a case, with cells known from the case before (a network is judged as a whole).
 */

import { parseArgs } from 'node:util';
import { DEMO_TIMING, PlaceGrid, ruleSet2, searchPlaces } from '@sextant/oracle/core';
import { LINKS, placeModels, randomCases } from './location/random-cases.ts';
import { searchEverywhere } from './location/search-everywhere.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const numbers = ruleSet2(DEMO_TIMING);
const grid = new PlaceGrid(new Map());
const models = placeModels(numbers);
const cases = randomCases(Number(values.cases), Number(values.seed));

const cpuMs = (): number => process.cpuUsage().user / 1000;
const times: number[] = [];
let exhaustiveMs = 0;
let places = 0;
const differing: number[] = [];
for (const [i, question] of cases.entries()) {
  const modules = { grid, model: models[i % 2 === 0 ? 0 : 1] };
  const started = cpuMs();
  const answer = searchPlaces(question, modules, numbers);
  const between = cpuMs();
  const reference = searchEverywhere(question, modules, numbers);
  exhaustiveMs += cpuMs() - between;
  times.push(between - started);
  places += reference.places;
  const isSame = answer.gapMicronats === reference.gapMicronats && answer.likeliest.cell === reference.likeliestCell;
  if (!isSame) differing.push(i);
  if (!values.json && (i + 1) % 500 === 0) process.stderr.write(`\r${i + 1} of ${cases.length}`);
}
times.sort((a, b) => a - b);
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
const result = {
  cases: cases.length,
  links: LINKS,
  coarseToFineMs: {
    mean: rounded(times.reduce((sum, ms) => sum + ms, 0) / times.length),
    median: rounded(times[Math.floor(times.length / 2)] ?? 0),
    p99: rounded(times[Math.floor(times.length * 0.99)] ?? 0),
  },
  everyCellMs: { mean: rounded(exhaustiveMs / cases.length) },
  placesCompared: Math.round(places / cases.length),
  differing: differing.length,
};
if (values.json) console.log(JSON.stringify(result));
else {
  console.log(`\r${result.cases} random hotspots of ${LINKS} links`);
  console.log(
    `coarse to fine  ${result.coarseToFineMs.mean} ms (median ${result.coarseToFineMs.median}, 99 % ${result.coarseToFineMs.p99})`,
  );
  console.log(`every cell      ${result.everyCellMs.mean} ms (${result.placesCompared} cells)`);
  console.log(`answers that differ: ${result.differing}`);
}
process.exitCode = differing.length > 0 ? 1 : 0;
