export type { CutLog, EpochCut } from './epoch/close/epoch-cut.ts';
export { summaryJson } from './epoch/close/epoch-summary.ts';
export { coverageLeaf, rewardLeaf, verdictLeaf } from './epoch/close/leaves.ts';
export { type LeafProof, proveReward, proveVerdict } from './epoch/close/prove.ts';
export { computeEpoch, type EpochInputs, type LogEntry } from './epoch/compute-epoch.ts';
export {
  type EpochAccumulator,
  openEpoch,
  type ProvisionalJudgement,
  type ProvisionalLink,
} from './epoch/epoch-accumulator.ts';
export type { EpochModules } from './epoch/epoch-context.ts';
export { type AddedEntry, type AddedReport, REPORT_FATES, type ReportFate } from './epoch/facts/epoch-facts.ts';
export type { LogPosition } from './epoch/facts/log-book.ts';
export { ENTRY_REFUSALS, type EntryRefusal } from './epoch/facts/open-entry.ts';
export { emptyGeneration, type OpenGeneration, rollWindow } from './epoch/places/roll-window.ts';
export * from './epoch/result.ts';
export { type DecodedState, decodeState, type FindPart } from './epoch/state/decode-state.ts';
export { type EncodedState, encodeState, type StatePart } from './epoch/state/encode-state.ts';
export { createGenesisState, type EpochState } from './epoch/state/epoch-state.ts';
export { findCellCentre } from './geometry/cell.ts';
export type { CellCache, CellCentre } from './geometry/cell-cache.ts';
export { distanceInterval } from './geometry/distance-interval.ts';
export { AreaModel } from './location/area-model.ts';
export type * from './location/evidence.ts';
export { FULL_TRUST, INITIAL_STANDING } from './location/evidence.ts';
export { HearingCurve } from './location/hearing-curve.ts';
export type { LocationVerdict } from './location/judge-location.ts';
export { judgeNetwork, type NetworkJudgement } from './location/judge-network.ts';
export { LinkStatistics, type Reception } from './location/link-statistics.ts';
export { type Place, PlaceGrid } from './location/place-grid.ts';
export { type Observation, PlaceLikelihood, type PlaceModel, type Point } from './location/place-likelihood.ts';
export { type PlacePay, payOf } from './location/place-pay.ts';
export { type LawNumbers, PropagationModel } from './location/propagation-model.ts';
export { type PlaceQuestion, searchPlaces, startsOf } from './location/search-places.ts';
export type { WeighingLink } from './location/weigh-claim.ts';
export { createMerkleTree, type MerkleTree } from './merkle/merkle-tree.ts';
export type { Sha256 } from './merkle/tree-hasher.ts';
export type { PackedList } from './packed/packed-list.ts';
export { signalPowerDdbm } from './physics/signal-power.ts';
export type { RegistryReference } from './registry/registry-state.ts';
export { computeDensity, FULL_SCALE } from './rewards/density.ts';
export { createRedundancy } from './rewards/redundancy.ts';
export { findRadioRefusal } from './rules/judge-link.ts';
export type { RadioLink } from './rules/link/link-inputs.ts';
export * from './ruleset/index.ts';
export * from './trust/index.ts';
