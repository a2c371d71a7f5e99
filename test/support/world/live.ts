import type { Result } from './outcome-of.ts';
import { runEpochs } from './run-epochs.ts';
import type { Event } from './timeline.ts';
import type { Validator, World } from './world.ts';
import { type LogOptions, writeLog } from './write-log.ts';

/** What a network of one validator makes of these events. */
export function live(
  world: World,
  events: readonly Event[],
  lastEpoch: number,
  disorder?: LogOptions['disorder'],
): Result[] {
  const validator = world.validators[0] as Validator;
  return runEpochs(world, [writeLog(world, events, { validator, lastEpoch, ...(disorder ? { disorder } : {}) })]);
}
