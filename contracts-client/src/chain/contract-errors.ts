import type { Abi } from 'viem';
import { coverageTokenAbi } from '../generated/coverage-token.abi.ts';
import { emissionControllerAbi } from '../generated/emission-controller.abi.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { timelockControllerAbi } from '../generated/timelock-controller.abi.ts';
import { validatorRegistryAbi } from '../generated/validator-registry.abi.ts';

/** Every error one of the contracts can end with: a call can fail in a contract that it calls itself. */
export const CONTRACT_ERRORS: Abi = [
  ...rewardDistributorAbi,
  ...validatorRegistryAbi,
  ...hotspotRegistryAbi,
  ...emissionControllerAbi,
  ...coverageTokenAbi,
  ...timelockControllerAbi,
].filter(({ type }) => type === 'error');
