import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deployment, parseDeployment } from '@sextant/contracts-client';
import {
  type DeployConfigInput,
  deployContracts,
  parseDeployConfig,
  verifyDeployment,
} from '@sextant/contracts-client/deploy';
import { PUBLIC_TEST_MNEMONIC } from '@sextant/contracts-client/local-chain';
import { ruleSetFor } from '@sextant/oracle/core';
import { type Address, createTestClient, createWalletClient, http, type PublicClient } from 'viem';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';
import type { ChainRequest } from './chain-messages.ts';

export type OpenLocal = Extract<ChainRequest, { type: 'chain/open-local' }>;

const COIN = 10n ** 18n;
const DAY_S = 86_400;
/** A veto window of a tenth of an epoch, so that one sees it pass. */
const VETO_SHARE = 10;

const devAccount = (index: number): HDAccount => mnemonicToAccount(PUBLIC_TEST_MNEMONIC, { addressIndex: index });

const deploymentFileOf = (folder: string): string => join(folder, 'deployment.json');

/** The contracts of this network on its own chain: those of the last run when the chain still has them, else new ones. */
export async function openDemoDeployment(
  request: OpenLocal,
  rpcUrl: string,
  reader: PublicClient,
): Promise<Deployment> {
  const { folder, validator } = request;
  const path = deploymentFileOf(folder);
  await giveCoins(rpcUrl, validator.account);
  if (existsSync(path)) {
    const known = parseDeployment(readFileSync(path, 'utf8'));
    if ((await verifyDeployment(reader, known)).length === 0) return known;
  }
  const wallet = createWalletClient({ transport: http(rpcUrl), account: devAccount(0) });
  const deployment = await deployContracts(parseDeployConfig(demoConfig(request)), { reader, wallet });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(deployment, undefined, 2)}\n`);
  return deployment;
}

/** Coins to pay for gas with: on a chain of one's own they cost nothing. */
export async function giveCoins(rpcUrl: string, address: Address): Promise<void> {
  await createTestClient({ transport: http(rpcUrl), mode: 'anvil' }).setBalance({ address, value: 100n * COIN });
}

function demoConfig({ timing, ruleSet, validator }: OpenLocal): DeployConfigInput {
  const rules = ruleSetFor(ruleSet, timing);
  if (!rules) throw new Error(`there is no rule set ${ruleSet}`);
  const { emissionPerDay, halvingDays } = rules.rewards;
  return {
    chainId: 31_337,
    token: { name: 'Sextant Coverage', symbol: 'SXT' },
    schedule: {
      genesisMs: timing.genesisMs,
      epochMs: timing.epochMs,
      emissionPerDay: String(emissionPerDay),
      halvingDays,
    },
    vetoSeconds: Math.floor(timing.epochMs / 1_000 / VETO_SHARE),
    guardian: devAccount(1).address,
    governor: devAccount(2).address,
    timelockDelaySeconds: DAY_S,
    validators: [validator],
    threshold: 1,
    minBondWei: String(COIN),
    bondExitDelaySeconds: DAY_S,
    hotspotDepositWei: String(COIN / 100n),
    hotspotReleaseDelaySeconds: DAY_S,
  };
}
