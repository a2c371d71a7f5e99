import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type GasTable, measureGas } from './measure-gas.ts';

/** What each may cost at most; a double claim pays nothing. */
const LIMITS: Readonly<Partial<Record<keyof GasTable, number>>> = {
  post5of7: 86_000,
  claimFirst1k: 93_000,
  claimRepeat1k: 58_000,
  claimRepeat100k: 63_000,
  batch40PerOwner1k: 26_000,
  doubleClaimPaid: 0,
};

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const table = await measureGas();
const rows = Object.entries(table) as [keyof GasTable, number][];
for (const [name, gas] of rows) {
  const limit = LIMITS[name];
  const judged = limit === undefined ? '' : `  limit ${limit}${gas > limit ? '  EXCEEDED' : ''}`;
  console.log(`${name.padEnd(20)}${String(gas).padStart(8)}${judged}`);
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(table, undefined, 2)}\n`);
process.exitCode = rows.some(([name, gas]) => gas > (LIMITS[name] ?? Number.POSITIVE_INFINITY)) ? 1 : 0;
