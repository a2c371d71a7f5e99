export { type ChainOptions, openSettlement, type RunningSettlement } from './open-settlement.ts';
export type { SettlementState, SettlementStatus } from './settlement-state.ts';
