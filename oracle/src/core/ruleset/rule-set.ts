import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@sextant/firmware-bridge/protocol';
import { type CanonicalValue, canonicalJson } from '../numeric/canonical-json.ts';
import { deepFreeze, type ParameterTree, type ValuesOf, valuesOf } from './parameter.ts';
import { type Parameters1, parameters1 } from './parameters-1.ts';
import { type Parameters2, parameters2 } from './parameters-2.ts';
import type { RegistryNumbers } from './parameters-2-registry.ts';
import type { TrustNumbers } from './parameters-2-trust.ts';
import type { TimingProfile } from './timing.ts';

/**
 * Every number validators must agree on, frozen under a number of its own. `ruleSet.link.minDistanceM` is the value;
 * `ruleSet.parameters.link.minDistanceM` has its unit and source. A change of behaviour is a new rule set.
 */
export interface RuleSet extends ValuesOf<Parameters1> {
  readonly number: number;
  /** Version of the core that judges under this rule set. Fixed, so that a patch release does not split a quorum. */
  readonly coreVersion: string;
  /** SHA-256 of `ruleSetJson`, 32 bytes. */
  readonly id: Uint8Array;
  readonly parameters: Parameters1;
}

/** The numbers by which rule set 2 judges places. */
export type LocationNumbers = Pick<
  ValuesOf<Parameters2>,
  'link' | 'window' | 'propagation' | 'hearing' | 'area' | 'location' | 'grace'
>;

/** Rule set 2 judges places too, and reads the registry of a chain. */
export interface RuleSet2 extends RuleSet, LocationNumbers, TrustNumbers, RegistryNumbers {
  readonly parameters: Parameters2;
}

export const RULE_SET_NUMBERS = [1, 2] as const;

/** Rule set 1 for a network's lengths of time. */
export function ruleSet1(timing: TimingProfile): RuleSet {
  const parameters = deepFreeze(parameters1(timing));
  const identity = { number: 1, coreVersion: '1.0.0', parameters };
  const id = sha256(utf8ToBytes(ruleSetJson(identity)));
  return Object.freeze({ ...deepFreeze(valuesOf(parameters)), ...identity, id });
}

/** Rule set 2 for a network's lengths of time. */
export function ruleSet2(timing: TimingProfile): RuleSet2 {
  const parameters = deepFreeze(parameters2(timing));
  const identity = { number: 2, coreVersion: '2.0.0', parameters };
  const id = sha256(utf8ToBytes(ruleSetJson(identity)));
  return Object.freeze({ ...deepFreeze(valuesOf(parameters)), ...identity, id });
}

/** Whether places are judged under it. */
export function judgesPlaces(ruleSet: RuleSet): ruleSet is RuleSet2 {
  return 'location' in ruleSet;
}

/** Whether owners are who a chain's registry says. */
export function readsRegistry(ruleSet: RuleSet): ruleSet is RuleSet2 {
  return 'registry' in ruleSet;
}

/** The rule set a genesis record names; undefined = this core does not know it. */
export function ruleSetFor(number: number, timing: TimingProfile): RuleSet | undefined {
  if (number === 1) return ruleSet1(timing);
  return number === 2 ? ruleSet2(timing) : undefined;
}

/**
 * RFC 8785 JSON of a rule set: its number, core version and every parameter as { unit, value }. Sources are left out,
 * because a corrected citation changes no verdict.
 */
export function ruleSetJson(ruleSet: Pick<RuleSet, 'number' | 'coreVersion' | 'parameters'>): string {
  const groups = Object.entries(ruleSet.parameters as ParameterTree).map(([group, members]) => {
    const counted = Object.entries(members).map(([name, { unit, value }]) => [name, { unit, value }] as const);
    return [group, Object.fromEntries(counted)] as const;
  });
  const { number, coreVersion } = ruleSet;
  return canonicalJson({ number, coreVersion, parameters: Object.fromEntries(groups) as CanonicalValue });
}
