import { type Address, encodeFunctionData, type Hex } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { validatorRegistryAbi as abi } from '../generated/validator-registry.abi.ts';

type Where = Pick<Deployment, 'contracts'>;

const call = ({ contracts }: Where, name: string, data: Hex, value = 0n): Call => {
  return { name, to: contracts.validators, data, value };
};

/** Adds wei to the sender's bond and takes back a requested exit. A validator needs it before it is put into a set. */
export function bondCall(deployment: Where, wei: bigint): Call {
  return call(deployment, 'bond', encodeFunctionData({ abi, functionName: 'bond' }), wei);
}

/** Starts the wait after which the sender's bond may leave; refused while it is in the current set. */
export function requestExitCall(deployment: Where): Call {
  return call(deployment, 'requestExit', encodeFunctionData({ abi, functionName: 'requestExit' }));
}

/** Takes the sender's whole bond, once the exit is due. */
export function withdrawBondCall(deployment: Where, to: Address): Call {
  return call(deployment, 'withdrawBond', encodeFunctionData({ abi, functionName: 'withdrawBond', args: [to] }));
}
