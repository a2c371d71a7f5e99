import { type RawBuilder, sql } from 'kysely';

/** Type of a column and where its value comes from; `undefined` becomes NULL. */
export type Column<Row> = readonly [type: string, value: (row: Row) => unknown];

/**
 * `unnest($1::bytea[], …) AS incoming(report_id, …)`: any number of rows in one statement with one parameter a column, which
 * is about twice as fast as VALUES and knows no limit of parameters.
 */
export function unnest<Row>(rows: readonly Row[], columns: Readonly<Record<string, Column<Row>>>): RawBuilder<unknown> {
  const entries = Object.entries(columns);
  const arrays = entries.map(([, [type, value]]) => sql`${rows.map((row) => value(row) ?? null)}::${sql.raw(type)}[]`);
  const names = entries.map(([name]) => sql.ref(name));
  return sql`unnest(${sql.join(arrays)}) AS incoming(${sql.join(names)})`;
}

/** Unix milliseconds as PostgreSQL reads them. */
export const timestamp = (unixMs: number): string => new Date(unixMs).toISOString();
