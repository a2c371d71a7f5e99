import type { RuleSet } from '../ruleset/index.ts';
import type { EpochCut } from './close/epoch-cut.ts';
import { openEpoch } from './epoch-accumulator.ts';
import type { EpochModules } from './epoch-context.ts';
import type { LogPosition } from './facts/log-book.ts';
import type { EpochResult } from './result.ts';
import type { EpochState } from './state/epoch-state.ts';

export interface LogEntry {
  readonly position: LogPosition;
  /** The envelope exactly as it stands in the log. */
  readonly entry: Uint8Array;
}

export interface EpochInputs {
  /** What the cut adds to the state, each log in its own order. */
  readonly entries: Iterable<LogEntry>;
  readonly state: EpochState;
  readonly ruleSet: RuleSet;
  readonly cut: EpochCut;
}

/** An epoch from beginning to end: what every validator and every auditor computes. */
export function computeEpoch(inputs: EpochInputs, modules: EpochModules): EpochResult<EpochState> {
  const epoch = openEpoch(inputs.state, inputs.ruleSet, modules);
  for (const { position, entry } of inputs.entries) epoch.add(position, entry);
  return epoch.close(inputs.cut);
}
