import { createOwnerTree } from '@sextant/contracts-client/encoding';
import { bytesToHex, compareBytes, ddbm, utf8ToBytes } from '@sextant/firmware-bridge/protocol';
import { type CoverageFact, computeCoverage } from '../../coverage/coverage-cells.ts';
import { coveredCell } from '../../coverage/covered-cell.ts';
import { createMerkleTree, type MerkleTree } from '../../merkle/merkle-tree.ts';
import { hashLeaf, type Sha256 } from '../../merkle/tree-hasher.ts';
import { type PackedList, packedList } from '../../packed/packed-list.ts';
import { emissionOfEpoch } from '../../rewards/emission.ts';
import { splitRewards } from '../../rewards/split-rewards.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import { homeAfter } from '../known/homes.ts';
import { Knowledge } from '../known/knowledge.ts';
import type { EpochResult, JudgedLink, OwnerReward, RewardLine } from '../result.ts';
import { encodeState } from '../state/encode-state.ts';
import type { EpochState } from '../state/epoch-state.ts';
import { claimRewards } from './claim-rewards.ts';
import { checkCut, type EpochCut } from './epoch-cut.ts';
import { epochSummary, summaryJson } from './epoch-summary.ts';
import { type JudgedEpoch, judgeEpoch } from './judge-epoch.ts';
import { coverageLeaf, rewardLeaf } from './leaves.ts';
import { nextState } from './next-state.ts';
import { selectWitnesses } from './select-witnesses.ts';

/** Judges, pays and sums up an epoch. The same facts give the same result, in whatever order they came. */
export function closeEpoch(context: EpochContext, facts: EpochFacts, cut: EpochCut): EpochResult<EpochState> {
  checkCut(context.state, facts, cut);
  const knowledge = new Knowledge(context, facts);
  const judged = judgeEpoch(context, facts, knowledge);
  const order = judged.verdicts.order();

  const isPaid = createPayRoll(context, facts, knowledge);
  const { cellResolution, notCoveredTransmissions } = context.ruleSet.coverage;
  const cells = judged.transmissions.map((transmission) => coveredCell(transmission.facts.cell, cellResolution));
  const coverage = computeCoverage(coverageFacts(context, facts, judged, cells), notCoveredTransmissions);
  const selected = selectWitnesses(context, { facts, judged, isPaid });
  const { claims, linkShares } = claimRewards(context, { facts, knowledge, judged, selected, isPaid, cells });
  const emission = emissionOfEpoch(context.ruleSet.rewards, context.timing, context.epoch);
  const split = splitRewards(emission, context.ruleSet.rewards, claims);
  const owners = ownerRewards(context, knowledge, split.lines);

  const state = nextState(context, { facts, knowledge, judged, order, coverage, owners, cut });
  const trees = {
    inputs: judged.verdicts.inputsTree(order),
    verdicts: judged.verdicts.tree(order),
    coverage: treeOf(coverage.map(coverageLeaf), context.sha256),
    rewards: treeOf(split.lines.map(rewardLeaf), context.sha256),
    state: encodeState(state, context.sha256).tree,
  };
  const ownersRoot = createOwnerTree(owners).root;
  const summary = epochSummary(context, { facts, judged, coverage, split, trees, ownersRoot, cut });
  const json = summaryJson(summary);
  const summaryHash = context.sha256(utf8ToBytes(json));
  return {
    summary,
    summaryJson: json,
    summaryHash,
    verdicts: judged.verdicts.list(order),
    links: linkList(facts, judged, { cells, linkShares }),
    coverage,
    rewards: split.lines,
    owners,
    trees,
    state: { ...state, previousSummary: summaryHash },
  };
}

/** Whether a key is paid in this epoch: a hotspot that has moved is not. Keys by number. */
function createPayRoll(context: EpochContext, facts: EpochFacts, knowledge: Knowledge): (key: number) => boolean {
  const known = new Map<number, boolean>();
  return (number) => {
    const paid = known.get(number) ?? !isMoving(context, knowledge, facts.reports.keyOf(number));
    known.set(number, paid);
    return paid;
  };
}

function isMoving(context: EpochContext, knowledge: Knowledge, key: Uint8Array): boolean {
  const home = homeAfter(context, knowledge, key);
  return home !== undefined && home.paidFromEpoch > context.epoch;
}

function* coverageFacts(
  context: EpochContext,
  facts: EpochFacts,
  { links, transmissions }: JudgedEpoch,
  cells: readonly (bigint | undefined)[],
): Iterable<CoverageFact> {
  const isListenedTo = new Map<number, boolean>();
  for (let round = context.firstRound; round < context.nextFirstRound; round++) {
    const keys = [...facts.onlineIn(round)].map((number) => facts.reports.keyOf(number));
    isListenedTo.set(
      round,
      keys.some((key) => facts.invitations.find(key)?.kind === 'hotspot'),
    );
  }
  for (const [i, transmission] of transmissions.entries()) {
    const cell = cells[i];
    if (cell === undefined) continue;
    yield {
      cell,
      kind: transmission.facts.senderKind,
      unheard: !transmission.heard && isListenedTo.get(transmission.facts.round) === true,
      links: Array.from({ length: transmission.links }, (_, offset) => {
        const link = transmission.firstLink + offset;
        const [witness, espDdbm] = [links.witnessOf(link), links.referenceEspDdbmOf(link)];
        return { witness, espDdbm, snrDdb: links.snrDdbOf(link) };
      }),
    };
  }
}

/** Everybody ever paid, by address: what each has got for this epoch and in all. */
function ownerRewards(context: EpochContext, knowledge: Knowledge, lines: readonly RewardLine[]): OwnerReward[] {
  const totals = new Map(
    context.state.owners.map(({ owner, cumulative }) => [bytesToHex(owner), { owner, amount: 0n, cumulative }]),
  );
  for (const { rewardClass, key, amount } of lines) {
    const owner = rewardClass === 'validator' ? validatorOwner(context, key) : knowledge.stateOf(key)?.owner;
    if (!owner) throw new Error(`nobody owns ${bytesToHex(key)}`);
    const name = bytesToHex(owner);
    const entry = totals.get(name) ?? { owner, amount: 0n, cumulative: 0n };
    entry.amount += amount;
    entry.cumulative += amount;
    totals.set(name, entry);
  }
  return [...totals.values()]
    .filter(({ cumulative }) => cumulative > 0n)
    .sort((a, b) => compareBytes(a.owner, b.owner));
}

function validatorOwner(context: EpochContext, key: Uint8Array): Uint8Array | undefined {
  return context.network.validators.find(({ logKey }) => compareBytes(logKey, key) === 0)?.owner;
}

function treeOf(leaves: readonly Uint8Array[], sha256: Sha256): MerkleTree {
  const hashes = new Uint8Array(32 * leaves.length);
  leaves.forEach((leaf, i) => hashes.set(hashLeaf(sha256, leaf), 32 * i));
  return createMerkleTree(hashes, sha256);
}

function linkList(
  facts: EpochFacts,
  { links, transmissions }: JudgedEpoch,
  of: { readonly cells: readonly (bigint | undefined)[]; readonly linkShares: readonly bigint[] },
): PackedList<JudgedLink> {
  const ids = facts.reports.ids.rows;
  const all = Uint32Array.from({ length: links.count }, (_, i) => i);
  const order = all.filter((link) => of.cells[links.transmissionOf(link)] !== undefined);
  order.sort((a, b) => ids.compare(links.rowOf(a), links.rowOf(b)));
  return packedList(order.length, (index) => {
    const link = order[index] as number;
    const place = links.transmissionOf(link);
    const transmission = transmissions[place];
    const cell = of.cells[place];
    if (!transmission || cell === undefined) throw new Error(`link ${link} has no transmission, or covers nothing`);
    const selected = links.isSelected(link);
    return {
      reportId: ids.copyAt(links.rowOf(link)),
      transmission: ids.copyAt(transmission.row),
      cell,
      sender: transmission.facts.sender,
      witness: facts.reports.keyOf(links.witnessOf(link)),
      round: transmission.facts.round,
      espDdbm: ddbm(links.referenceEspDdbmOf(link)),
      snrDdb: links.snrDdbOf(link),
      distanceM: links.distanceMOf(link),
      senderKind: transmission.facts.senderKind,
      selected,
      shares: selected ? (of.linkShares[place] ?? 0n) : 0n,
    };
  });
}
