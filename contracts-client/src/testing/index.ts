/** Contracts on a chain of their own, for tests of this and of other packages. */
export { EPOCH_CAP, type EpochPlan, type Person, SettlementFixture } from './settlement-fixture.ts';
