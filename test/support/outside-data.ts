import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root of the checkout; compiled or not, this file lies two or three folders below it. */
const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../../' : '../../', import.meta.url));

/** Where measured data from outside may lie, beside the checkout: it is never part of the project. */
const outsideDataFolder = `${root}../shared/data`;

/** Absolute path of a data file, or undefined where the data is absent. */
export function findOutsideData(relativePath: string): string | undefined {
  const path = `${outsideDataFolder}/${relativePath}`;
  return existsSync(path) ? path : undefined;
}

/** Parsed JSON of a data file, or undefined where the data is absent. The caller says in its test's name that it skips. */
export function readOutsideJson(relativePath: string): unknown {
  const path = findOutsideData(relativePath);
  return path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
}
