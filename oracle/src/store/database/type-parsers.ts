import pg from 'pg';

const { builtins } = pg.types;

/**
 * How values come out of the database, for one pool (never for the whole process): `int8` and whole `numeric` as bigint,
 * `timestamptz` as Unix milliseconds; the rest as pg does it.
 */
export function createTypeParsers(): pg.TypeOverrides {
  const overrides = new pg.TypeOverrides();
  overrides.setTypeParser(builtins.INT8, BigInt);
  overrides.setTypeParser(builtins.NUMERIC, BigInt);
  const parseTimestamp = pg.types.getTypeParser(builtins.TIMESTAMPTZ) as (text: string) => Date;
  overrides.setTypeParser(builtins.TIMESTAMPTZ, (text) => parseTimestamp(text).getTime());
  return overrides;
}
