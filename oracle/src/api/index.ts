/** The public read models of an oracle: what its HTTP API answers, as the map and other clients read it. */
export type * from './chain.ts';
export type * from './epoch.ts';
export * from './headers.ts';
export * from './health.ts';
export type * from './hex.ts';
export * from './hotspot.ts';
export type * from './join.ts';
export * from './live.ts';
export * from './location.ts';
export * from './network.ts';
export type * from './owner.ts';
export * from './problem.ts';
export * from './proof.ts';
export * from './text.ts';
export * from './tile.ts';
export type * from './verdict.ts';
