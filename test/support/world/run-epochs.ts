import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  computeEpoch,
  createGenesisState,
  type EpochModules,
  type EpochResult,
  type EpochState,
} from '@sextant/oracle/core';
import type { World } from './world.ts';
import type { WrittenLog } from './write-log.ts';

export const worldModules = (): EpochModules => ({
  verify: fastVerifySignature,
  cells: new Map(),
  salt: new Uint8Array(16).fill(1),
});

/** Every epoch of the logs, one after the other. */
export function runEpochs(world: World, logs: readonly WrittenLog[]): EpochResult<EpochState>[] {
  const modules = worldModules();
  const results: EpochResult<EpochState>[] = [];
  let state = createGenesisState(world.genesis);
  for (let epoch = 0; epoch < (logs[0]?.epochs.length ?? 0); epoch++) {
    const entries = logs.flatMap((log) => log.epochs[epoch] ?? []);
    const cut = { attempt: 0, logs: logs.flatMap((log) => log.cuts[epoch] ?? []) };
    const result = computeEpoch({ entries, state, ruleSet: world.ruleSet, cut }, modules);
    results.push(result);
    ({ state } = result);
  }
  return results;
}
