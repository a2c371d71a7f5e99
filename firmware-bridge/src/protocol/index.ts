export * from './bytes.ts';
export * from './domain.ts';
export type * from './records.ts';
export * from './reports.ts';
export * from './units.ts';
export * from './verdict.ts';
