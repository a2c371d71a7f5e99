import { parseArgs } from 'node:util';
import { didYouMean } from '@sextant/firmware-bridge/console';
import { runExplain } from './cli/explain.ts';
import { runGrant, runGrants } from './cli/grant.ts';
import { runInvite } from './cli/invite.ts';
import { runKeys } from './cli/keys.ts';
import { runRebuild } from './cli/rebuild.ts';
import { runAccusations, runReview } from './cli/review.ts';
import { FLAG_NAMES, REPEATABLE_FLAGS, readSettings, SettingsError, settingsHelp } from './cli/settings.ts';
import { runStart } from './cli/start.ts';
import { runStatus } from './cli/status.ts';

const HELP = `sextant-oracle: records what hotspots report, judges it, keeps the coverage record

Start one here, with everything it needs in ./data (no service to install):

  sextant-oracle start

Then let a hotspot in; the owner runs sextant-bridge init with the code:

  sextant-oracle invite
  sextant-oracle invite --survey        a survey device instead

Commands
  start      run the oracle until Ctrl-C
  invite     print an invitation code, good for one key, 30 days
  status     what a running oracle is doing (--json for machines)
  keys       print what a chain's validator registry needs to know of this validator, for sextant-deploy
  explain    why a hotspot's place is proven, or not, with every number:
               sextant-oracle explain hs1... [--epoch N] [--json]
  grant      let a hotspot you have audited count as an anchor, or a survey device's coverage count:
               sextant-oracle grant hs1... [--as anchor|survey] [--epochs N]
             Trust flows from anchors, and pay follows trust. A grant ends after N epochs (365), the running one counted;
             granting again prolongs it, nothing ends it sooner. Grant only what you have seen yourself.
  grants     what this validator grants, and until when
  accusations  what stands against hotspots, with the evidence, and the appeals that wait for your review (--all)
  review     say what you think of an appeal; the log has it for ever, and each validator has one word:
               sextant-oracle review hs1... --accusation CODE --dismiss     the owner is right
               sextant-oracle review hs1... --accusation CODE --uphold      the accusation stays
  rebuild    compute every epoch again from the log, compare the roots, fill the database anew

grant, grants, accusations and review ask the oracle that runs on the same --data folder.

Options (an argument goes before the environment, e.g. SEXTANT_HTTP_PORT, before the --config file, before the default;
secrets are no arguments)
  --config FILE  settings in TOML, e.g.  http-port = 8080
${settingsHelp()}
`;

const COMMANDS = {
  start: runStart,
  invite: runInvite,
  status: runStatus,
  explain: runExplain,
  keys: runKeys,
  grant: runGrant,
  grants: runGrants,
  accusations: runAccusations,
  review: runReview,
  rebuild: runRebuild,
} as const;

async function main(): Promise<void> {
  const options = Object.fromEntries(
    FLAG_NAMES.map((name) => [name, { type: 'string' as const, multiple: REPEATABLE_FLAGS.has(name) }]),
  );
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...options,
      config: { type: 'string' },
      survey: { type: 'boolean' },
      json: { type: 'boolean' },
      epoch: { type: 'string' },
      as: { type: 'string' },
      epochs: { type: 'string' },
      all: { type: 'boolean' },
      accusation: { type: 'string' },
      dismiss: { type: 'boolean' },
      uphold: { type: 'boolean' },
      'steered-clock': { type: 'boolean' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [command = values.help ? 'help' : 'start', ...operands] = positionals;
  if (values.help || command === 'help') {
    console.log(HELP);
    return;
  }
  if (!Object.hasOwn(COMMANDS, command)) {
    throw new SettingsError(
      `There is no command "${command}".${didYouMean(command, Object.keys(COMMANDS))} Commands: ${Object.keys(COMMANDS).join(', ')}; more with --help.`,
    );
  }
  // An epoch's number here, an epoch's length there.
  const { epoch, ...others } = values;
  const flags = command === 'explain' ? others : { ...others, epoch };
  const settings = readSettings(flags, process.env, values.config as string | undefined);
  await COMMANDS[command as keyof typeof COMMANDS](settings, values, operands);
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.send?.({ type: 'oracle/failed', message });
  console.error(`sextant-oracle: ${message}`);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
