export * from './bytes.ts';
export * from './domain.ts';
export type * from './records.ts';
export * from './region-plan-texts.ts';
export * from './region-plans.ts';
export * from './reports.ts';
export * from './time-on-air.ts';
export * from './units.ts';
export * from './verdict.ts';
