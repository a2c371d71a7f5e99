import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { regionCells } from './region-cells.ts';
import { writeRegionMap } from './write-region-map.ts';

/** Writes the region map; with --check only says, by its exit code, whether the committed one is what it would write. */
const path = fileURLToPath(new URL('../../src/protocol/generated/region-map.ts', import.meta.url));
const source = writeRegionMap(regionCells());
if (!process.argv.includes('--check')) writeFileSync(path, source);
else if (readFileSync(path, 'utf8') !== source) process.exitCode = 1;
