import type { PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import type { EmissionSchedule } from '../encoding/index.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';

/** Which epochs the distributor takes, and how much it lets each add. It cannot change. */
export async function readSchedule(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
): Promise<EmissionSchedule> {
  const at = { address: contracts.distributor, abi: rewardDistributorAbi };
  const schedule = await client.readContract({ ...at, functionName: 'schedule' });
  return { ...schedule, genesisMs: Number(schedule.genesisMs), epochMs: Number(schedule.epochMs) };
}
