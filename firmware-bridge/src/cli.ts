import { type Arguments, parseArguments, UsageError } from './cli/arguments.ts';
import { dataFolderOf } from './cli/data-folder.ts';
import { helpText } from './cli/help-text.ts';
import { createProcessTerminal, type Terminal } from './cli/terminal.ts';

/**
 * Errors whose message is for the person who runs the bridge, by name; all others are bugs and come with a stack. By name,
 * so that a command loads only what it needs: on a gateway's processor that is seconds.
 */
const EXPLAINED: ReadonlySet<string> = new Set([
  'AppealError',
  'CannotListenError',
  'CannotRunError',
  'ConfigError',
  'NetworkFactsError',
  'OracleHttpError',
  'SecretFileError',
  'StoreError',
  'WrongKeyError',
]);

async function execute({ command, flags }: Arguments, terminal: Terminal): Promise<number> {
  const environment = process.env;
  const text = (name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const [data, config] = [text('data'), text('config')];
  const folder = dataFolderOf(
    { ...(data === undefined ? {} : { data }), ...(config === undefined ? {} : { config }) },
    environment,
  );
  switch (command) {
    case 'init': {
      const { initCommand } = await import('./cli/init-command.ts');
      const { createSystemClock } = await import('./clock/system-clock.ts');
      const { createSystemRandom } = await import('./random.ts');
      return initCommand(flags, folder, { terminal, clock: createSystemClock(), random: createSystemRandom() });
    }
    case 'run':
    case 'survey': {
      const { runCommand } = await import('./cli/run-command.ts');
      return runCommand(command, flags, folder, { terminal, environment });
    }
    case 'status': {
      const { statusCommand } = await import('./cli/status-command.ts');
      return statusCommand(flags, folder, terminal);
    }
    case 'agree': {
      const { agreeCommand } = await import('./cli/agree-command.ts');
      return agreeCommand(flags, folder, { terminal, environment });
    }
    case 'appeal': {
      const { appealCommand } = await import('./cli/appeal-command.ts');
      const { createSystemClock } = await import('./clock/system-clock.ts');
      return appealCommand(flags, folder, { terminal, environment, clock: createSystemClock() });
    }
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const terminal = createProcessTerminal(process.env);
  try {
    const parsed = parseArguments(argv);
    if (!('help' in parsed)) return await execute(parsed, terminal);
    terminal.say(helpText(parsed.help));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.complain(`${error.message}\nMore:  sextant-bridge help`);
      return 2;
    }
    if (!(error instanceof Error) || !EXPLAINED.has(error.name)) throw error;
    terminal.complain(error.message);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
