import { readFile } from 'node:fs/promises';
import { parseDeployment } from '../../chain/deployment.ts';
import type { Wallet } from '../../chain/send-call.ts';
import { createReader, createWallet, openAccount, requireChain } from '../chain-access.ts';
import { runCli } from '../run-cli.ts';
import { appealCommand } from './appeal-command.ts';
import type { ClaimContext } from './context.ts';
import { CLAIM_HELP } from './help.ts';
import { freezeCommand, payoutCommand, registerCommand, releaseCommand, transferCommand } from './hotspot-commands.ts';
import { claimableCommand, claimCommand, historyCommand, proofCommand } from './reward-commands.ts';
import { type ClaimCommand, readClaimSettings } from './settings.ts';
import { watchCommand } from './watch-command.ts';

const COMMANDS: Readonly<Record<ClaimCommand, (context: ClaimContext) => Promise<number>>> = {
  claimable: claimableCommand,
  claim: claimCommand,
  history: historyCommand,
  proof: proofCommand,
  register: registerCommand,
  transfer: transferCommand,
  payout: payoutCommand,
  freeze: freezeCommand,
  release: releaseCommand,
  watch: watchCommand,
};

async function main(argv: readonly string[]): Promise<number> {
  const settings = readClaimSettings(argv, process.env);
  if (settings === undefined) {
    console.log(CLAIM_HELP);
    return 0;
  }
  const say: ClaimContext['say'] = (facts, text) => console.log(settings.json ? JSON.stringify(facts) : text);
  if (settings.command === 'appeal') return appealCommand(settings.file, { account: () => openAccount(settings), say });
  const deployment = parseDeployment(await readFile(settings.deploymentFile, 'utf8'));
  const reader = createReader(settings);
  await requireChain(reader, deployment.chainId);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  let wallet: Promise<Wallet> | undefined;
  return COMMANDS[settings.command]({
    settings,
    deployment,
    reader,
    fetchUrl: fetch,
    stop: stop.signal,
    openWallet: () => (wallet ??= createWallet(settings)),
    say,
  });
}

await runCli('sextant-claim', process.argv.slice(2), main);
