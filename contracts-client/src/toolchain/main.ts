import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CompileError, compileContracts } from './compile-contracts.ts';
import { formatArtifacts } from './format-artifacts.ts';
import { hashSources } from './solidity-sources.ts';

/** Where generated sources are kept: they are committed, so that no build needs a compiler. */
const GENERATED_FOLDER = new URL('../../src/generated/', import.meta.url);

try {
  const files = formatArtifacts(compileContracts(), hashSources());
  mkdirSync(GENERATED_FOLDER, { recursive: true });
  for (const [name, text] of files) writeFileSync(new URL(name, GENERATED_FOLDER), text);
  console.log(`${files.size} files written to ${fileURLToPath(GENERATED_FOLDER)}`);
} catch (error) {
  if (!(error instanceof CompileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
