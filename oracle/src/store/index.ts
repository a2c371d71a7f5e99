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
export { MIGRATION_NAMES } from './schema/migrate.ts';
export { type Schema, TABLE_NAMES } from './schema/schema.ts';
export { STORE_ERROR_CODES, StoreError, type StoreErrorCode } from './store-error.ts';
