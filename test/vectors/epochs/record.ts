/**
 * Records the golden epochs of the newest rule set: `node test/dist/vectors/epochs/record.js`. Only for a rule set that
 * no network runs under yet. Afterwards its vectors stay as they are for ever: what changes a root is a new rule set.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RULE_SET_NUMBERS } from '@sextant/oracle/core';
import { live } from '../../support/world/live.ts';
import { mischief } from '../../support/world/mischief.ts';
import { recordLog } from '../../support/world/recorded-log.ts';
import { registryLife } from '../../support/world/registry.ts';
import { createWorld } from '../../support/world/world.ts';
import { writeLog } from '../../support/world/write-log.ts';

const LAST_EPOCH = 3;
const ruleSet = RULE_SET_NUMBERS.at(-1) as number;
const world = createWorld({
  seed: 1_000 * ruleSet,
  hotspots: 7,
  surveyDevices: 1,
  radiusKm: 4,
  ruleSet,
  anchors: 3,
  shadowDb: 7,
});
const [validator] = world.validators;
if (!validator) throw new Error('a world has a validator');
const events = [...mischief(world, LAST_EPOCH), ...registryLife(world)];
const folder = fileURLToPath(new URL(`../../../vectors/epochs/rule-set-${world.ruleSet.number}/`, import.meta.url));
const log = recordLog(writeLog(world, events, { validator, lastEpoch: LAST_EPOCH }));
writeFileSync(`${folder}log.json`, `${JSON.stringify(log, undefined, 1)}\n`);
const summaries = live(world, events, LAST_EPOCH).map(({ summaryJson }) => JSON.parse(summaryJson) as unknown);
writeFileSync(`${folder}summaries.json`, `${JSON.stringify(summaries, undefined, 1)}\n`);
console.log(`recorded ${log.entries.length} entries and ${summaries.length} summaries in ${folder}`);
