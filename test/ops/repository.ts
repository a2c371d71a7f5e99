import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file of the repository; tests of it run from their sources only. */
export const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const readRepositoryFile = (path: string): string => readFileSync(inRepository(path), 'utf8');
