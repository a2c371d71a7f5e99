import { type Arguments, parseArguments, UsageError } from './cli/arguments.ts';
import { dataFolderOf } from './cli/data-folder.ts';
import { helpText } from './cli/help-text.ts';
import { initCommand } from './cli/init-command.ts';
import { runCommand } from './cli/run-command.ts';
import { CannotRunError } from './cli/run-setup.ts';
import { statusCommand } from './cli/status-command.ts';
import { createProcessTerminal, type Terminal } from './cli/terminal.ts';
import { createSystemClock } from './clock/system-clock.ts';
import { ConfigError } from './config/config-error.ts';
import { WrongKeyError } from './keys/participant-keys.ts';
import { SecretFileError } from './keys/secret-file.ts';
import { NetworkFactsError } from './network/network-facts.ts';
import { OracleHttpError } from './network/oracle-http.ts';
import { StoreError } from './outbox/durable-store.ts';
import { CannotListenError } from './radio/semtech-udp/semtech-udp-driver.ts';
import { createSystemRandom } from './random.ts';

/** Errors whose message is for the person who runs the bridge; all others are bugs and come with a stack. */
const EXPLAINED = [
  CannotListenError,
  CannotRunError,
  ConfigError,
  NetworkFactsError,
  OracleHttpError,
  SecretFileError,
  StoreError,
  WrongKeyError,
] as const;

async function execute({ command, flags }: Arguments, terminal: Terminal): Promise<number> {
  const environment = process.env;
  const text = (name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const [data, config] = [text('data'), text('config')];
  const folder = dataFolderOf(
    { ...(data === undefined ? {} : { data }), ...(config === undefined ? {} : { config }) },
    environment,
  );
  switch (command) {
    case 'init':
      return initCommand(flags, folder, { terminal, clock: createSystemClock(), random: createSystemRandom() });
    case 'run':
    case 'survey':
      return runCommand(command, flags, folder, { terminal, environment });
    case 'status':
      return statusCommand(flags, folder, terminal);
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
    if (!EXPLAINED.some((kind) => error instanceof kind)) throw error;
    terminal.complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
