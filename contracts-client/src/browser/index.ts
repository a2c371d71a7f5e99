/** What a page needs to show and claim rewards through a visitor's wallet (EIP-1193): small, and without a node of its own. */
export { claimRewardsCall } from '../actions/claim-rewards.ts';
export { type ClaimableRoot, listClaimableRoots } from '../actions/list-claimable-roots.ts';
export { readBalance } from '../actions/read-balance.ts';
export { type DistributorHead, readHead } from '../actions/read-head.ts';
export type { Call } from '../chain/call.ts';
export { ContractRefusedError } from '../chain/chain-errors.ts';
export type { Deployment } from '../chain/deployment.ts';
export { type ProofFault, type RefusedMirror, readProof } from '../proofs/fetch-proof.ts';
export { type Claimable, findClaimable } from '../proofs/find-claimable.ts';
export type { OwnerProof } from '../proofs/owner-proof.ts';
export { type DiscoveredWallet, discoverWallets } from './discover-wallets.ts';
export {
  accountsOf,
  type EthereumProvider,
  type ProviderFault,
  providerFault,
  quantity,
  readAccounts,
  readChainId,
  switchChain,
} from './ethereum-provider.ts';
export { FollowedTransaction, type TransactionState } from './follow-transaction.ts';
export { NoTransactionError, sendThroughWallet } from './send-through-wallet.ts';
export { type ChainReader, createWalletReader } from './wallet-reader.ts';
