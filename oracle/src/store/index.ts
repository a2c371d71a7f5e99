/** The database of an oracle: a projection of the log, for questions. */
export type { DatabaseCapabilities } from './database/capabilities.ts';
export {
  type Database,
  type DatabaseModules,
  type DatabaseOptions,
  type DatabaseStatus,
  openDatabase,
} from './database/database.ts';
export { type FailureKind, kindOfFailure } from './database/failure.ts';
export type { AttachedServer } from './database/server.ts';
export {
  EMBEDDED_POSTGRES_DEFAULTS,
  type EmbeddedPostgres,
  type EmbeddedPostgresInfo,
  type EmbeddedPostgresModules,
  type EmbeddedPostgresOptions,
  type EmbeddedStep,
  startEmbeddedPostgres,
} from './embedded-postgres/embedded-postgres.ts';
export { ensurePartitions } from './partitions/day-partitions.ts';
export {
  MAINTENANCE_DEFAULTS,
  type Maintenance,
  type MaintenanceModules,
  type MaintenanceOptions,
  maintain,
  startMaintenance,
} from './partitions/maintenance.ts';
export type {
  ClosedEpoch,
  LedgerReader,
  ProjectionListener,
  ProvisionalResults,
  ResultSource,
} from './projector/ports.ts';
export {
  PROJECTOR_DEFAULTS,
  type Projector,
  type ProjectorModules,
  type ProjectorOptions,
  type ProjectorStatus,
  startProjector,
} from './projector/projector.ts';
export { type CellRange, cellsWithin } from './queries/cell-range.ts';
export {
  type CellWitnessRow,
  type CoverageRow,
  type CoverageWindow,
  countHexes,
  type FootprintRow,
  findCoverage,
  getHex,
  type HexRow,
  listAreas,
  listCellWitnesses,
  listFootprint,
  streamCoverage,
} from './queries/coverage.ts';
export {
  countReasons,
  type EpochRow,
  findEpoch,
  findLatestEpoch,
  findOwnerTotal,
  listEpochRewards,
  listEpochs,
  listOwnerTotals,
  listRewards,
  listVoidRounds,
  type RewardLineRow,
  sumByClass,
  sumHeld,
  sumRewards,
} from './queries/epochs.ts';
export { findLocation, type LocationRow } from './queries/locations.ts';
export { findNetworkRow, findRoundState, type NetworkRow } from './queries/network.ts';
export type { OutcomeCounts } from './queries/outcome-counts.ts';
export {
  countOwned,
  findUnclaimedFrom,
  listOwned,
  type OwnedRow,
  type OwnerGraceRow,
  type OwnerLineRow,
  sumGrace,
  sumOwnerLines,
} from './queries/owners.ts';
export {
  countParticipants,
  findGatewayStatus,
  findHotspot,
  findParticipant,
  findParticipantsByName,
  type GatewayStatusRow,
  type HotspotFilter,
  type HotspotRow,
  listHotspots,
  type ParticipantRow,
} from './queries/participants.ts';
export { addRefusals, listRefusals } from './queries/refusals.ts';
export {
  countHeardBy,
  countOutcomes,
  findVerdict,
  findVerdicts,
  listHeardBy,
  listOutcomes,
  listVerdicts,
  type VerdictCursor,
  type VerdictFilter,
  type VerdictRow,
} from './queries/verdicts.ts';
export { MIGRATION_NAMES } from './schema/migrate.ts';
export { type Schema, TABLE_NAMES } from './schema/schema.ts';
export type { StoredPlaceLink } from './schema/stored-location.ts';
export { STORE_ERROR_CODES, StoreError, type StoreErrorCode } from './store-error.ts';
