/**
 * How often the trust flow and each collusion check are wrong about honest hotspots, and what they see of each attack:
 * `npm run bench:collusion [-- --seed S --seeds N --attacks]`. Simulated worlds as in `npm run bench:detection`, judged once
 * at the end of a full window; no location test takes part.
 */
import { parseArgs } from 'node:util';
import { ACCUSATION_CODES } from '@sextant/firmware-bridge/protocol';
import { PRODUCTION_TIMING, ruleSet2 } from '@sextant/oracle/core';
import { ATTACKS } from '../detection/attacks/index.ts';
import { type Rates, rateWorld } from '../detection/measure/collusion-rates.ts';

const HONEST = 120;
const WINDOW_EPOCHS = 7;
const SHARE = 0.2;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    attacks: { type: 'boolean', default: false },
  },
});
const numbers = ruleSet2(PRODUCTION_TIMING);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => `${values.seed}/${i}`);
const codes = ACCUSATION_CODES.filter((code) => code !== 'location_refuted');

console.log(`${seeds.length} worlds of ${HONEST} honest hotspots, one window of ${WINDOW_EPOCHS} epochs each`);
console.log(['world', 'hotspots', 'trust ≥ 25 %', 'mean trust', ...codes, 'any'].join('\t'));
for (const attack of values.attacks ? [undefined, ...ATTACKS] : [undefined]) {
  const options = { honest: HONEST, windowEpochs: WINDOW_EPOCHS, share: SHARE };
  const rates = seeds.map((seed) => rateWorld({ ...options, seed }, attack, numbers));
  print(
    attack ? `${attack.name}: honest` : 'honest',
    rates.map(({ honest }) => honest),
  );
  if (attack)
    print(
      `${attack.name}: attackers`,
      rates.map(({ attackers }) => attackers),
    );
}

function print(name: string, rates: readonly Rates[]): void {
  const trust = rates.flatMap((one) => one.trust);
  const hotspots = trust.length;
  const share = (count: number): string => `${((100 * count) / Math.max(1, hotspots)).toFixed(2)} %`;
  const trusted = trust.filter((value) => value >= numbers.trust.trustedFrom).length;
  const mean = trust.reduce((sum, value) => sum + value, 0) / Math.max(1, hotspots) / 100;
  const perCode = codes.map((code) => share(rates.reduce((sum, { suspected }) => sum + suspected[code], 0)));
  const any = share(rates.reduce((sum, one) => sum + one.any, 0));
  console.log([name, hotspots, share(trusted), `${mean.toFixed(1)} %`, ...perCode, any].join('\t'));
}
