import { bytesToHex, compareBytes, equalBytes } from '@sextant/firmware-bridge/protocol';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { ChainCursors } from '../judge/chain-cursors.ts';
import { homeAfter } from '../known/homes.ts';
import type { Knowledge } from '../known/knowledge.ts';
import { firstOf, standingFrom } from '../known/statements.ts';
import type { ChainPosition, ParticipantState, StandingStatement } from '../state/epoch-state.ts';
import type { JudgedEpoch } from './judge-epoch.ts';

interface NextInputs {
  readonly facts: EpochFacts;
  readonly knowledge: Knowledge;
  readonly judged: Pick<JudgedEpoch, 'judge' | 'spentIndices'>;
}

/** Everybody known after the epoch, by key: with what they have said, how far their chains are known, and where they live. */
export function nextParticipants(context: EpochContext, inputs: NextInputs): ParticipantState[] {
  const { facts, knowledge } = inputs;
  const { byOldKey, byNewKey } = knowledge.successions();
  const spent = spentByKey(inputs);
  const next: ParticipantState[] = [];
  for (const participant of facts.known.all()) {
    const handedOver = byOldKey.get(bytesToHex(participant.key));
    if (!handedOver && !facts.known.stays(participant)) continue;
    next.push(
      handedOver
        ? retired(participant, { key: handedOver.newKey, fromRound: handedOver.fromRound })
        : participant.successor
          ? retired(participant, participant.successor)
          : grown(context, inputs, participant, spent(participant.key, participant.lastIndex)),
    );
  }
  for (const { oldKey, newKey, fromRound } of byNewKey.values()) {
    const old = facts.known.find(oldKey);
    if (!old) throw new Error(`a successor's predecessor is unknown: ${bytesToHex(oldKey)}`);
    if (!facts.known.stays(old)) continue;
    const { codeHash: _, ...history } = old;
    const lastIndex = spent(newKey, spent(oldKey, old.lastIndex));
    next.push(grown(context, inputs, { ...history, key: newKey, fromRound }, lastIndex));
  }
  return next.sort((a, b) => compareBytes(a.key, b.key));
}

function spentByKey({ facts, judged }: NextInputs): (key: Uint8Array, before: number) => number {
  return (key, before) => Math.max(before, judged.spentIndices.get(facts.reports.findNumber(key)) ?? -1);
}

/** Its history has passed to another key; until then it may still take part. */
function retired(
  participant: ParticipantState,
  successor: NonNullable<ParticipantState['successor']>,
): ParticipantState {
  const { home: _, ...rest } = participant;
  return { ...rest, successor };
}

function grown(
  context: EpochContext,
  { knowledge, judged }: NextInputs,
  participant: ParticipantState,
  lastIndex: number,
): ParticipantState {
  const { home: _, ...rest } = participant;
  const history = knowledge.historyOf(participant.key);
  const known = history.standing.map((statement) => withChain(statement, history.standing, judged.judge.chains));
  const home = participant.kind === 'hotspot' ? homeAfter(context, knowledge, participant.key) : undefined;
  return {
    ...rest,
    lastNumber: history.lastNumber,
    statements: standingFrom(known, context.nextFirstRound, lastIndex),
    lastIndex,
    ...(home ? { home } : {}),
  };
}

/** Statements that anchor the same chain know the same of it. */
function withChain(
  statement: StandingStatement,
  all: readonly StandingStatement[],
  chains: ChainCursors,
): StandingStatement {
  let newest: ChainPosition | undefined;
  for (const other of all) {
    const position = isSameChain(statement, other) ? chains.positionOf(other) : undefined;
    if (position && (!newest || position.position > newest.position)) newest = position;
  }
  return newest ? { ...statement, chain: newest } : statement;
}

function isSameChain({ report: a }: StandingStatement, { report: b }: StandingStatement): boolean {
  if (!a.chainAnchor || !b.chainAnchor || a.kind !== b.kind) return false;
  return equalBytes(a.chainAnchor, b.chainAnchor) && firstOf(a) === firstOf(b);
}
