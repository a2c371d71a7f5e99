import { type Address, getContractAddress, type PublicClient } from 'viem';
import { TransactionFailedError, WrongChainError } from '../chain/chain-errors.ts';
import type { Deployment } from '../chain/deployment.ts';
import type { Wallet } from '../chain/send-call.ts';
import {
  type ContractAddresses,
  DEPLOYED_CONTRACTS,
  type DeployedContract,
  deployTransactions,
} from './constructor-arguments.ts';
import type { DeployConfig } from './deploy-config.ts';

export interface DeployModules {
  readonly reader: Pick<
    PublicClient,
    'getChainId' | 'getTransactionCount' | 'waitForTransactionReceipt' | 'getBlockNumber'
  >;
  readonly wallet: Wallet;
  /** Told of each contract once it is on the chain. */
  readonly onDeployed?: (name: DeployedContract, address: Address) => void;
}

/** A contract got another address than the others were told: its account sent something else meanwhile. */
export class DeployRaceError extends Error {
  override readonly name = 'DeployRaceError';

  constructor(contract: DeployedContract, expected: Address, actual: Address | null | undefined) {
    super(
      `${contract} is at ${actual ?? 'no address'} instead of ${expected}: the deploying account sent something else meanwhile. ` +
        'Nothing of this deployment can be used. Deploy again with an account that nothing else uses.',
    );
  }
}

/**
 * Puts a network's contracts on a chain, one transaction each. They refer to each other, so their addresses are computed from
 * the account's nonce first; the distributor's constructor refuses when one of them does not fit.
 */
export async function deployContracts(
  config: DeployConfig,
  { reader, wallet, onDeployed }: DeployModules,
): Promise<Deployment> {
  const chainId = await reader.getChainId();
  if (chainId !== config.chainId) throw new WrongChainError(config.chainId, chainId);
  const from = wallet.account.address;
  const nonce = await reader.getTransactionCount({ address: from, blockTag: 'pending' });
  const fromBlock = Number(await reader.getBlockNumber({ cacheTime: 0 }));
  const at = Object.fromEntries(
    DEPLOYED_CONTRACTS.map((name, i) => [name, getContractAddress({ from, nonce: BigInt(nonce + i) })]),
  ) as ContractAddresses;
  const transactions = deployTransactions(config, at);
  for (const [i, name] of DEPLOYED_CONTRACTS.entries()) {
    const hash = await wallet.sendTransaction({
      account: wallet.account,
      chain: wallet.chain ?? null,
      nonce: nonce + i,
      ...transactions[name],
    });
    const receipt = await reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new TransactionFailedError(`deploy ${name}`, hash);
    if (receipt.contractAddress?.toLowerCase() !== at[name].toLowerCase()) {
      throw new DeployRaceError(name, at[name], receipt.contractAddress);
    }
    onDeployed?.(name, at[name]);
  }
  return { version: 1, chainId, fromBlock, contracts: at };
}
