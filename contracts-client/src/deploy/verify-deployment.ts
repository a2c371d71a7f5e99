import { type Hex, hexToBytes, type PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { validatorRegistryAbi } from '../generated/validator-registry.abi.ts';
import { CODE, type CompiledCode, DEPLOYED_CONTRACTS, type DeployedContract } from './constructor-arguments.ts';

/** Why a deployment is not what this version of the contracts makes; closed. */
export const DEPLOYMENT_FAULTS = ['other_chain', 'no_code', 'other_code', 'other_wiring'] as const;
export type DeploymentFault = (typeof DEPLOYMENT_FAULTS)[number];

export interface DeploymentFinding {
  readonly contract: DeployedContract;
  readonly fault: DeploymentFault;
}

type Reader = Pick<PublicClient, 'getCode' | 'getChainId' | 'readContract'>;

/**
 * Compares what is on the chain with what these sources compile to, byte for byte but for the immutable values, and asks the
 * contracts whom they work with. Nothing found: the file can be trusted as far as the endpoint can.
 */
export async function verifyDeployment(client: Reader, deployment: Deployment): Promise<readonly DeploymentFinding[]> {
  if ((await client.getChainId()) !== deployment.chainId) return [{ contract: 'distributor', fault: 'other_chain' }];
  const findings: DeploymentFinding[] = [];
  for (const contract of DEPLOYED_CONTRACTS) {
    const code = await client.getCode({ address: deployment.contracts[contract] });
    if (code === undefined) findings.push({ contract, fault: 'no_code' });
    else if (!isCodeOf(CODE[contract], code)) findings.push({ contract, fault: 'other_code' });
  }
  return findings.length > 0 ? findings : verifyWiring(client, deployment);
}

/** Whether deployed code is the compiled one, whatever stands at its immutable values. */
export function isCodeOf({ deployedBytecode, immutables }: CompiledCode, code: Hex): boolean {
  const [expected, actual] = [hexToBytes(deployedBytecode), hexToBytes(code)];
  if (expected.length !== actual.length) return false;
  for (const { start, length } of immutables) actual.fill(0, start, start + length);
  return expected.every((byte, i) => byte === actual[i]);
}

/** The distributor checked the others when it was made, so it is asked which others. */
async function verifyWiring(client: Reader, { contracts }: Deployment): Promise<readonly DeploymentFinding[]> {
  const distributor = { address: contracts.distributor, abi: rewardDistributorAbi };
  const [token, emission, registry, governor, registrysGovernor] = await Promise.all([
    client.readContract({ ...distributor, functionName: 'token' }),
    client.readContract({ ...distributor, functionName: 'emission' }),
    client.readContract({ ...distributor, functionName: 'registry' }),
    client.readContract({ ...distributor, functionName: 'governor' }),
    client.readContract({ address: contracts.validators, abi: validatorRegistryAbi, functionName: 'governor' }),
  ]);
  const checks: readonly (readonly [DeployedContract, boolean])[] = [
    ['token', token === contracts.token],
    ['emission', emission === contracts.emission],
    ['validators', registry === contracts.validators],
    ['timelock', governor === contracts.timelock && registrysGovernor === contracts.timelock],
  ];
  return checks.filter(([, fits]) => !fits).map(([contract]) => ({ contract, fault: 'other_wiring' }));
}
