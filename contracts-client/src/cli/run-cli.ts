import { explainError } from './explain-error.ts';

/** Runs a command to its exit code; what goes wrong is one line on stderr, or with --json one object. */
export async function runCli(
  name: string,
  argv: readonly string[],
  main: (argv: readonly string[]) => Promise<number>,
): Promise<void> {
  try {
    process.exitCode = await main(argv);
  } catch (error) {
    const explained = explainError(error);
    if (explained === undefined) throw error;
    const { code, message, exitCode } = explained;
    if (argv.includes('--json')) console.log(JSON.stringify({ error: code, message }));
    else console.error(`${name}: ${message}${exitCode === 2 ? `\nMore:  ${name} --help` : ''}`);
    process.exitCode = exitCode;
  }
}
