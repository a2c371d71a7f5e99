import { type Address, encodeDeployData, type Hex, zeroAddress } from 'viem';
import { coverageTokenAbi } from '../generated/coverage-token.abi.ts';
import { coverageTokenBytecode } from '../generated/coverage-token.bytecode.ts';
import { emissionControllerAbi } from '../generated/emission-controller.abi.ts';
import { emissionControllerBytecode } from '../generated/emission-controller.bytecode.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';
import { hotspotRegistryBytecode } from '../generated/hotspot-registry.bytecode.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { rewardDistributorBytecode } from '../generated/reward-distributor.bytecode.ts';
import { timelockControllerAbi } from '../generated/timelock-controller.abi.ts';
import { timelockControllerBytecode } from '../generated/timelock-controller.bytecode.ts';
import { validatorRegistryAbi } from '../generated/validator-registry.abi.ts';
import { validatorRegistryBytecode } from '../generated/validator-registry.bytecode.ts';
import type { DeployConfig } from './deploy-config.ts';

/** In the order they are deployed. The last one checks that the others point to it. */
export const DEPLOYED_CONTRACTS = ['timelock', 'validators', 'token', 'emission', 'hotspots', 'distributor'] as const;
export type DeployedContract = (typeof DEPLOYED_CONTRACTS)[number];
export type ContractAddresses = Readonly<Record<DeployedContract, Address>>;

export interface CompiledCode {
  readonly bytecode: Hex;
  readonly deployedBytecode: Hex;
  /** Where constructors write immutable values into the code, bytes. */
  readonly immutables: readonly { readonly start: number; readonly length: number }[];
}

export const CODE: Readonly<Record<DeployedContract, CompiledCode>> = {
  timelock: timelockControllerBytecode,
  validators: validatorRegistryBytecode,
  token: coverageTokenBytecode,
  emission: emissionControllerBytecode,
  hotspots: hotspotRegistryBytecode,
  distributor: rewardDistributorBytecode,
};

export interface DeployTransaction {
  readonly data: Hex;
  /** Wei. */
  readonly value: bigint;
}

/** What creates each contract, given where all of them are going to be. */
export function deployTransactions(
  config: DeployConfig,
  at: ContractAddresses,
): Readonly<Record<DeployedContract, DeployTransaction>> {
  const bytecode = (name: DeployedContract): { bytecode: Hex } => ({ bytecode: CODE[name].bytecode });
  const free = (data: Hex): DeployTransaction => ({ data, value: 0n });
  const { schedule, validators } = config;
  const timelock = [BigInt(config.timelockDelaySeconds), [config.governor], [zeroAddress], zeroAddress] as const;
  const registry = [
    at.timelock,
    at.distributor,
    config.minBondWei,
    BigInt(config.bondExitDelaySeconds),
    validators,
    config.threshold,
  ] as const;
  const emission = [
    at.token,
    at.distributor,
    { ...schedule, genesisMs: BigInt(schedule.genesisMs), epochMs: BigInt(schedule.epochMs) },
  ] as const;
  const token = [config.token.name, config.token.symbol, at.emission] as const;
  const hotspots = [config.hotspotDepositWei, BigInt(config.hotspotReleaseDelaySeconds)] as const;
  const distributor = [
    at.token,
    at.emission,
    at.validators,
    at.timelock,
    config.guardian,
    BigInt(config.vetoSeconds),
  ] as const;
  return {
    timelock: free(encodeDeployData({ abi: timelockControllerAbi, ...bytecode('timelock'), args: timelock })),
    validators: {
      data: encodeDeployData({ abi: validatorRegistryAbi, ...bytecode('validators'), args: registry }),
      value: config.minBondWei * BigInt(validators.length),
    },
    token: free(encodeDeployData({ abi: coverageTokenAbi, ...bytecode('token'), args: token })),
    emission: free(encodeDeployData({ abi: emissionControllerAbi, ...bytecode('emission'), args: emission })),
    hotspots: free(encodeDeployData({ abi: hotspotRegistryAbi, ...bytecode('hotspots'), args: hotspots })),
    distributor: free(encodeDeployData({ abi: rewardDistributorAbi, ...bytecode('distributor'), args: distributor })),
  };
}
