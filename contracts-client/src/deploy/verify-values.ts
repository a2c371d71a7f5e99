import type { PublicClient } from 'viem';
import { readSchedule } from '../actions/read-schedule.ts';
import type { Deployment } from '../chain/deployment.ts';
import { coverageTokenAbi } from '../generated/coverage-token.abi.ts';
import { emissionControllerAbi } from '../generated/emission-controller.abi.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { validatorRegistryAbi } from '../generated/validator-registry.abi.ts';
import type { DeployedContract } from './constructor-arguments.ts';
import type { DeployConfig } from './deploy-config.ts';

/** A value on the chain that the configuration says otherwise. */
export interface ValueFinding {
  readonly contract: DeployedContract;
  readonly fault: 'other_value';
  /** As the configuration names it. */
  readonly setting: string;
  readonly configured: string;
  readonly onChain: string;
}

/**
 * Compares what constructors have written for ever with a configuration: what `verifyDeployment` has to leave out of the code.
 * What the timelock may change since (validators, guardian, its own delay) is not compared.
 */
export async function verifyValues(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
  config: DeployConfig,
): Promise<readonly ValueFinding[]> {
  const token = { address: contracts.token, abi: coverageTokenAbi };
  const emission = { address: contracts.emission, abi: emissionControllerAbi };
  const validators = { address: contracts.validators, abi: validatorRegistryAbi };
  const hotspots = { address: contracts.hotspots, abi: hotspotRegistryAbi };
  const distributor = { address: contracts.distributor, abi: rewardDistributorAbi };
  const [name, symbol, minted, minBond, exitDelay, deposit, releaseDelay, posted, veto] = await Promise.all([
    client.readContract({ ...token, functionName: 'name' }),
    client.readContract({ ...token, functionName: 'symbol' }),
    client.readContract({ ...emission, functionName: 'schedule' }),
    client.readContract({ ...validators, functionName: 'minBond' }),
    client.readContract({ ...validators, functionName: 'exitDelaySeconds' }),
    client.readContract({ ...hotspots, functionName: 'requiredDeposit' }),
    client.readContract({ ...hotspots, functionName: 'releaseDelaySeconds' }),
    readSchedule(client, { contracts }),
    client.readContract({ ...distributor, functionName: 'vetoSeconds' }),
  ]);
  const { schedule } = config;
  const compared: readonly (readonly [DeployedContract, string, unknown, unknown])[] = [
    ['token', 'token.name', config.token.name, name],
    ['token', 'token.symbol', config.token.symbol, symbol],
    ...SCHEDULE.flatMap((key) => [
      ['emission', `schedule.${key}`, schedule[key], minted[key]] as const,
      ['distributor', `schedule.${key}`, schedule[key], posted[key]] as const,
    ]),
    ['validators', 'minBondWei', config.minBondWei, minBond],
    ['validators', 'bondExitDelaySeconds', config.bondExitDelaySeconds, exitDelay],
    ['hotspots', 'hotspotDepositWei', config.hotspotDepositWei, deposit],
    ['hotspots', 'hotspotReleaseDelaySeconds', config.hotspotReleaseDelaySeconds, releaseDelay],
    ['distributor', 'vetoSeconds', config.vetoSeconds, veto],
  ];
  return compared.flatMap(([contract, setting, configured, onChain]) =>
    String(configured) === String(onChain)
      ? []
      : [{ contract, fault: 'other_value', setting, configured: String(configured), onChain: String(onChain) }],
  );
}

const SCHEDULE = ['genesisMs', 'epochMs', 'emissionPerDay', 'halvingDays'] as const;
