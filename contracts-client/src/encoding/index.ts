export { type EmissionSchedule, emissionCap } from './emission-cap.ts';
export {
  DISTRIBUTOR_DOMAIN_NAME,
  DISTRIBUTOR_DOMAIN_VERSION,
  type DistributorDomain,
  type EpochStatement,
  epochDigest,
  epochStructHash,
} from './epoch-statement.ts';
export { bytesOfHex, hexOfBytes } from './hex.ts';
export { createOwnerTree, type OwnerLeaf, type OwnerTree, verifyOwnerProof } from './owner-tree.ts';
export { type Registration, registrationMessage } from './registration-message.ts';
export {
  type AbiEntry,
  type AbiFunctionEntry,
  type AbiList,
  type AbiValue,
  decodeWords,
  encodeCall,
  functionOf,
  selectorOf,
} from './static-abi.ts';
export {
  type AssembledVotes,
  assembleVotes,
  compactSignature,
  EPOCH_SIGNATURE_BYTES,
  type EpochVote,
  leastThreshold,
  MAX_VALIDATORS,
  packAccounts,
  type ValidatorSet,
  validatorSetHash,
} from './validator-set.ts';
