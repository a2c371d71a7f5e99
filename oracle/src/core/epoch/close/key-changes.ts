import { bytesToHex, equalBytes } from '@sextant/firmware-bridge/protocol';
import { readsRegistry } from '../../ruleset/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { KeyChanges } from '../result.ts';
import type { ParticipantState } from '../state/epoch-state.ts';

/** What an epoch has changed about who is who; nothing where the rule set reads no registry. */
export function keyChanges({ ruleSet, state }: EpochContext, after: readonly ParticipantState[]): KeyChanges {
  if (!readsRegistry(ruleSet)) return { owned: [], gone: [] };
  const before = new Map(state.participants.map((participant) => [bytesToHex(participant.key), participant]));
  const owned: ParticipantState[] = [];
  for (const participant of after) {
    const name = bytesToHex(participant.key);
    const known = before.get(name);
    before.delete(name);
    if (!known || !equalBytes(known.owner, participant.owner)) owned.push(participant);
  }
  return {
    owned: owned.map(({ key, kind, owner }) => ({ key, kind, owner })),
    gone: [...before.values()].map(({ key }) => key),
  };
}
