import { countsOf, ForgeError, measureCoverage, runForge } from './run-forge.ts';

/** `test`: forge's fuzz and invariant tests. `coverage`: the same, and every line and branch of the contracts must be run. */
async function main(command: string | undefined): Promise<number> {
  const counts = countsOf(process.env['SEXTANT_FULL'] === '1');
  if (command === 'test') return runForge(['test'], counts, process.env);
  if (command !== 'coverage') {
    console.error('usage: test | coverage');
    return 2;
  }
  const coverage = await measureCoverage(counts, process.env);
  if (coverage === undefined) return 1;
  const { linesFound, linesHit, branchesFound, branchesHit } = coverage;
  console.log(`lines ${linesHit} of ${linesFound}, branches ${branchesHit} of ${branchesFound}`);
  return linesFound > 0 && linesHit === linesFound && branchesHit === branchesFound ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  if (!(error instanceof ForgeError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
