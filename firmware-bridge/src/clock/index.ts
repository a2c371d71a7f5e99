export type { Cancel, Clock } from '../clock.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { createSteeredClock, type SteeredClock, type SteeringChannel } from './steered-clock.ts';
export { createSystemClock } from './system-clock.ts';
