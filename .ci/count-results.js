// Prints "PASSED FAILED" of one step: of vitest's results if it wrote any, else of the command itself.
import { existsSync, readFileSync } from 'node:fs';

const [, , file, status] = process.argv;

function count() {
  if (!existsSync(file)) return { passed: status === '0' ? 1 : 0, failed: 0 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  // A file that did not even load, or whose set-up failed, has no failed test.
  const broken = testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

const { passed, failed } = count();
process.stdout.write(`${passed} ${failed === 0 && status !== '0' ? 1 : failed}\n`);
