export { acceptTransferCall } from './actions/accept-transfer.ts';
export { activateEpochCall } from './actions/activate-epoch.ts';
export { claimManyCall } from './actions/claim-many.ts';
export { claimRewardsCall } from './actions/claim-rewards.ts';
export { findPostedEpoch, type PostedEpoch } from './actions/find-posted-epoch.ts';
export { freezeHotspotCall } from './actions/freeze-hotspot.ts';
export {
  executeChangeCall,
  type GovernedChange,
  guardianChange,
  pauseChange,
  scheduleChangeCall,
  validatorSetChange,
} from './actions/govern.ts';
export { type ClaimableRoot, listClaimableRoots, RING_SIZE } from './actions/list-claimable-roots.ts';
export { listClaims, type PaidClaim } from './actions/list-claims.ts';
export { type ActivatedEpoch, type BlockRange, listEpochs } from './actions/list-epochs.ts';
export { type HotspotEvent, listHotspotEvents } from './actions/list-hotspot-events.ts';
export { offerTransferCall } from './actions/offer-transfer.ts';
export { postEpochCall } from './actions/post-epoch.ts';
export { readBalance } from './actions/read-balance.ts';
export { readClaimed } from './actions/read-claimed.ts';
export { type DistributorHead, type PendingEpoch, readHead } from './actions/read-head.ts';
export { type Holding, readHolding, readRequiredDeposit } from './actions/read-holding.ts';
export { readSchedule } from './actions/read-schedule.ts';
export { type RegisteredSet, type RegisteredValidator, readValidatorSet } from './actions/read-validator-set.ts';
export { registerHotspotCall } from './actions/register-hotspot.ts';
export { releaseHotspotCall } from './actions/release-hotspot.ts';
export { requestReleaseCall } from './actions/request-release.ts';
export { setPayoutCall } from './actions/set-payout.ts';
export { epochDigestOn, signEpoch } from './actions/sign-epoch.ts';
export { type SignedStatement, slashDoubleVoteCall } from './actions/slash-double-vote.ts';
export { bondCall, requestExitCall, withdrawBondCall } from './actions/validator-bond.ts';
export { vetoEpochCall } from './actions/veto-epoch.ts';
export { watchEpochs } from './actions/watch-epochs.ts';
export type { Call } from './chain/call.ts';
export { ContractRefusedError, TransactionFailedError, WrongChainError } from './chain/chain-errors.ts';
export { type Deployment, DeploymentFileError, deploymentSchema, parseDeployment } from './chain/deployment.ts';
export {
  type ReadClient,
  refusalOf,
  type SendModules,
  sendCall,
  submitCall,
  tryCall,
  type Wallet,
} from './chain/send-call.ts';
export {
  type FoundProof,
  fetchProof,
  PROOF_FAULTS,
  type ProofFault,
  type RefusedMirror,
  readProof,
} from './proofs/fetch-proof.ts';
export { type Claimable, findClaimable } from './proofs/find-claimable.ts';
export type { OwnerProof } from './proofs/owner-proof.ts';
