import { type Address, bytesToHex, encodeFunctionData, type Hex, zeroHash } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { timelockControllerAbi } from '../generated/timelock-controller.abi.ts';
import { validatorRegistryAbi } from '../generated/validator-registry.abi.ts';
import type { RegisteredValidator } from './read-validator-set.ts';

type Where = Pick<Deployment, 'contracts'>;

/** Something only the timelock may do. */
export interface GovernedChange {
  readonly name: string;
  readonly to: Address;
  readonly data: Hex;
}

/** A new validator set, accounts ascending; it counts from its execution on. */
export function validatorSetChange(
  { contracts }: Where,
  validators: readonly RegisteredValidator[],
  threshold: number,
): GovernedChange {
  const list = validators.map(({ account, logKey, mirrorKey, chainAnchor }) => ({
    account: bytesToHex(account),
    logKey: bytesToHex(logKey),
    mirrorKey: bytesToHex(mirrorKey),
    chainAnchor: bytesToHex(chainAnchor),
  }));
  const data = encodeFunctionData({
    abi: validatorRegistryAbi,
    functionName: 'setValidators',
    args: [list, threshold],
  });
  return { name: 'setValidators', to: contracts.validators, data };
}

export function guardianChange({ contracts }: Where, guardian: Address): GovernedChange {
  const data = encodeFunctionData({ abi: rewardDistributorAbi, functionName: 'setGuardian', args: [guardian] });
  return { name: 'setGuardian', to: contracts.distributor, data };
}

/** Stops posting and activation, or lets them go on. Claims are never stopped. */
export function pauseChange({ contracts }: Where, paused: boolean): GovernedChange {
  const data = encodeFunctionData({ abi: rewardDistributorAbi, functionName: 'setPaused', args: [paused] });
  return { name: 'setPaused', to: contracts.distributor, data };
}

/**
 * Announces a change; the governor alone may. `delaySeconds` is at least the timelock's. `salt` (32 bytes) tells two equal
 * changes apart.
 */
export function scheduleChangeCall(
  { contracts }: Where,
  { name, to, data }: GovernedChange,
  delaySeconds: number,
  salt: Hex = zeroHash,
): Call {
  return {
    name: `schedule ${name}`,
    to: contracts.timelock,
    data: encodeFunctionData({
      abi: timelockControllerAbi,
      functionName: 'schedule',
      args: [to, 0n, data, zeroHash, salt, BigInt(delaySeconds)],
    }),
    value: 0n,
  };
}

/** Carries out an announced change once its delay is over; anyone may. */
export function executeChangeCall(
  { contracts }: Where,
  { name, to, data }: GovernedChange,
  salt: Hex = zeroHash,
): Call {
  return {
    name: `execute ${name}`,
    to: contracts.timelock,
    data: encodeFunctionData({
      abi: timelockControllerAbi,
      functionName: 'execute',
      args: [to, 0n, data, zeroHash, salt],
    }),
    value: 0n,
  };
}
