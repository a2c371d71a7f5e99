export type { AssertedPlace } from '../beaconing/assertion-keeper.ts';
export { MISS_TEXTS, type MissReason } from '../beaconing/miss.ts';
export type { PositionFix, PositionSource } from '../beaconing/position-source.ts';
export { createParticipantKeys, type ParticipantKeys, readParticipantKeys } from '../keys/participant-keys.ts';
export {
  type NetworkFacts,
  type NetworkJson,
  parseNetworkAnswer,
  parsePinnedNetwork,
} from '../network/network-facts.ts';
export { openLevelStore } from '../outbox/level-store.ts';
export { DEFAULT_OUTBOX_OPTIONS } from '../outbox/outbox.ts';
export { type KindCounts, outstanding, sumOf } from '../outbox/outbox-counts.ts';
export { createSeededRandom, createSystemRandom, type RandomSource } from '../random.ts';
export { Bridge, type BridgeModules, type BridgeOptions } from './bridge.ts';
export type { BridgeStatus, ParticipantStatus } from './bridge-status.ts';
export type { HotspotOptions, ParticipantOptions, SurveyDeviceOptions } from './participant-options.ts';
