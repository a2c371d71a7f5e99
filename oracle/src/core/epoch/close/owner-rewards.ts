import { bytesToHex, compareBytes } from '@sextant/firmware-bridge/protocol';
import { readsRegistry } from '../../ruleset/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { Knowledge } from '../known/knowledge.ts';
import type { GraceRelease, OwnerReward, RewardLine } from '../result.ts';

interface Pay {
  readonly lines: readonly RewardLine[];
  readonly releases: readonly GraceRelease[];
}

interface Known {
  readonly facts: EpochFacts;
  readonly knowledge: Knowledge;
}

/** The same lines and releases with the address each is paid to, where the rule set reads a registry. */
export function withPayees(context: EpochContext, known: Known, { lines, releases }: Pay): Pay {
  if (!readsRegistry(context.ruleSet)) return { lines, releases };
  const payeeOf = (line: Pick<RewardLine, 'key'> & Partial<RewardLine>) => ownerPaid(context, known, line);
  return {
    lines: lines.map((line) => (line.held ? line : { ...line, paidTo: payeeOf(line) })),
    releases: releases.map((release) => ({ ...release, paidTo: payeeOf(release) })),
  };
}

/** Everybody ever paid, by address: what each has got in this epoch and in all. What is held is not paid yet. */
export function ownerRewards(context: EpochContext, known: Known, { lines, releases }: Pay): OwnerReward[] {
  const totals = new Map(
    context.state.owners.map(({ owner, cumulative }) => [bytesToHex(owner), { owner, amount: 0n, cumulative }]),
  );
  for (const line of [...lines.filter(({ held }) => !held), ...releases]) {
    const owner = line.paidTo ?? ownerPaid(context, known, line);
    const name = bytesToHex(owner);
    const entry = totals.get(name) ?? { owner, amount: 0n, cumulative: 0n };
    entry.amount += line.amount;
    entry.cumulative += line.amount;
    totals.set(name, entry);
  }
  return [...totals.values()]
    .filter(({ cumulative }) => cumulative > 0n)
    .sort((a, b) => compareBytes(a.owner, b.owner));
}

function ownerPaid(
  { network }: EpochContext,
  { facts, knowledge }: Known,
  { key, rewardClass }: Pick<RewardLine, 'key'> & Partial<RewardLine>,
): Uint8Array {
  const owner =
    rewardClass === 'validator'
      ? network.validators.find(({ logKey }) => compareBytes(logKey, key) === 0)?.owner
      : knowledge.stateOf(key)?.owner;
  if (!owner) throw new Error(`nobody owns ${bytesToHex(key)}`);
  return facts.known.payeeOf(owner);
}
