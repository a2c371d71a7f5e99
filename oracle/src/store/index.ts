/** The database of an oracle: a projection of the log, for questions. */
export {
  EMBEDDED_POSTGRES_DEFAULTS,
  type EmbeddedPostgres,
  type EmbeddedPostgresInfo,
  type EmbeddedPostgresModules,
  type EmbeddedPostgresOptions,
  type EmbeddedStep,
  startEmbeddedPostgres,
} from './embedded-postgres/embedded-postgres.ts';
export { STORE_ERROR_CODES, StoreError, type StoreErrorCode } from './store-error.ts';
