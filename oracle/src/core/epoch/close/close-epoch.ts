import { createOwnerTree } from '@sextant/contracts-client/encoding';
import { compareBytes, ddbm, hexToBytes, utf8ToBytes } from '@sextant/firmware-bridge/protocol';
import { type CoverageFact, computeCoverage } from '../../coverage/coverage-cells.ts';
import { coveredCell } from '../../coverage/covered-cell.ts';
import { createMerkleTree, type MerkleTree } from '../../merkle/merkle-tree.ts';
import { hashLeaf, type Sha256 } from '../../merkle/tree-hasher.ts';
import { type PackedList, packedList } from '../../packed/packed-list.ts';
import { emissionOfEpoch } from '../../rewards/emission.ts';
import { splitRewards } from '../../rewards/split-rewards.ts';
import { judgesPlaces } from '../../ruleset/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import { Knowledge } from '../known/knowledge.ts';
import { type JudgedPlaces, judgePlaces } from '../places/judge-places.ts';
import { dueReleases, settleGrace } from '../places/settle-grace.ts';
import type { EpochResult, GraceRelease, JudgedLink } from '../result.ts';
import { encodeState } from '../state/encode-state.ts';
import type { EpochState } from '../state/epoch-state.ts';
import { claimRewards } from './claim-rewards.ts';
import { checkCut, type EpochCut } from './epoch-cut.ts';
import { epochSummary, summaryJson } from './epoch-summary.ts';
import { type HeardTransmission, type JudgedEpoch, judgeEpoch } from './judge-epoch.ts';
import { keyChanges } from './key-changes.ts';
import { coverageLeaf, rewardLeaf } from './leaves.ts';
import { nextState } from './next-state.ts';
import { ownerRewards, withPayees } from './owner-rewards.ts';
import { createPayRoll, type PayRoll } from './pay-roll.ts';
import { selectWitnesses } from './select-witnesses.ts';

/** Judges, pays and sums up an epoch. The same facts give the same result, in whatever order they came. */
export function closeEpoch(context: EpochContext, facts: EpochFacts, cut: EpochCut): EpochResult<EpochState> {
  checkCut(context.state, facts, cut);
  const knowledge = new Knowledge(context, facts);
  const judged = judgeEpoch(context, facts, knowledge);
  const order = judged.verdicts.order();

  const { ruleSet } = context;
  const found = { facts, knowledge, judged };
  const places = judgesPlaces(ruleSet) ? judgePlaces(context, ruleSet, found) : undefined;
  const payRoll = createPayRoll(context, found, places);
  const { cellResolution, notCoveredTransmissions } = context.ruleSet.coverage;
  const cells = judged.transmissions.map((transmission) => coveredCell(transmission.facts.cell, cellResolution));
  const covering = { facts, judged, cells, payRoll };
  const coverage = computeCoverage(coverageFacts(context, covering), notCoveredTransmissions);
  const selected = selectWitnesses(context, { facts, judged, payRoll });
  const { claims, linkShares } = claimRewards(context, { ...found, selected, payRoll, cells });
  const emission = emissionOfEpoch(context.ruleSet.rewards, context.timing, context.epoch);
  const released =
    places && judgesPlaces(ruleSet) ? dueReleases(earning(places, knowledge), emission, ruleSet) : new Map();
  const unpaidReleases = releaseList(released);
  const split = splitRewards(emission, context.ruleSet.rewards, claims, {
    released: unpaidReleases.reduce((sum, { amount }) => sum + amount, 0n),
    isHeld: (key) => payRoll.isHeld(key),
  });
  const settled =
    places && judgesPlaces(ruleSet) ? settleGrace(places, { lines: split.lines, releases: released }, ruleSet) : [];
  const { lines, releases } = withPayees(context, found, { lines: split.lines, releases: unpaidReleases });
  const owners = ownerRewards(context, found, { lines, releases });

  const remembered = { places: settled, window: places?.window ?? [] };
  const state = nextState(context, { ...found, order, coverage, owners, cut, ...remembered });
  const trees = {
    inputs: judged.verdicts.inputsTree(order),
    verdicts: judged.verdicts.tree(order),
    coverage: treeOf(coverage.map(coverageLeaf), context.sha256),
    rewards: treeOf(lines.map(rewardLeaf), context.sha256),
    state: encodeState(state, context.sha256).tree,
  };
  const ownersRoot = createOwnerTree(owners).root;
  const locations = places?.locations ?? [];
  const summary = epochSummary(context, { facts, judged, coverage, split, locations, trees, ownersRoot, cut });
  const json = summaryJson(summary);
  const summaryHash = context.sha256(utf8ToBytes(json));
  return {
    summary,
    summaryJson: json,
    summaryHash,
    verdicts: judged.verdicts.list(order),
    links: linkList(covering, linkShares),
    coverage,
    rewards: lines,
    owners,
    locations,
    releases,
    keys: keyChanges(context, state.participants),
    trees,
    state: { ...state, previousSummary: summaryHash },
  };
}

/** What is held for a key that may not earn in this epoch waits for one in which it may. */
function earning(judged: JudgedPlaces, knowledge: Knowledge): JudgedPlaces {
  return { ...judged, places: judged.places.filter(({ key }) => knowledge.mayEarn(key)) };
}

/** By key. */
function releaseList(released: ReadonlyMap<string, bigint>): GraceRelease[] {
  return [...released]
    .filter(([, amount]) => amount > 0n)
    .map(([name, amount]) => ({ key: hexToBytes(name), amount }))
    .sort((a, b) => compareBytes(a.key, b.key));
}

/** What covers cells: the valid links between places that are not in doubt. */
interface Covering {
  readonly facts: EpochFacts;
  readonly judged: JudgedEpoch;
  /** The cell each transmission covers. */
  readonly cells: readonly (bigint | undefined)[];
  readonly payRoll: PayRoll;
}

function counts({ facts, judged, payRoll }: Covering, link: number): boolean {
  const transmission = judged.transmissions[judged.links.transmissionOf(link)];
  if (!transmission || !payRoll.stands(facts.reports.reporterNumber(transmission.row))) return false;
  return payRoll.stands(judged.links.witnessOf(link));
}

function* coverageFacts(context: EpochContext, covering: Covering): Iterable<CoverageFact> {
  const { facts, judged, cells } = covering;
  const { links, transmissions } = judged;
  const isListenedTo = new Map<number, boolean>();
  for (let round = context.firstRound; round < context.nextFirstRound; round++) {
    const keys = [...facts.onlineIn(round)].map((number) => facts.reports.keyOf(number));
    isListenedTo.set(
      round,
      keys.some((key) => facts.known.find(key)?.kind === 'hotspot'),
    );
  }
  for (const [i, transmission] of transmissions.entries()) {
    const cell = cells[i];
    if (cell === undefined) continue;
    yield {
      cell,
      kind: transmission.facts.senderKind,
      unheard: !transmission.heard && isListenedTo.get(transmission.facts.round) === true,
      links: linksOf(transmission)
        .filter((link) => counts(covering, link))
        .map((link) => {
          const [witness, espDdbm] = [links.witnessOf(link), links.referenceEspDdbmOf(link)];
          return { witness, espDdbm, snrDdb: links.snrDdbOf(link) };
        }),
    };
  }
}

function linksOf({ firstLink, links }: Pick<HeardTransmission, 'firstLink' | 'links'>): number[] {
  return Array.from({ length: links }, (_, offset) => firstLink + offset);
}

function treeOf(leaves: readonly Uint8Array[], sha256: Sha256): MerkleTree {
  const hashes = new Uint8Array(32 * leaves.length);
  leaves.forEach((leaf, i) => hashes.set(hashLeaf(sha256, leaf), 32 * i));
  return createMerkleTree(hashes, sha256);
}

function linkList(covering: Covering, linkShares: readonly bigint[]): PackedList<JudgedLink> {
  const { facts, judged, cells, payRoll } = covering;
  const { links, transmissions } = judged;
  const ids = facts.reports.ids.rows;
  const all = Uint32Array.from({ length: links.count }, (_, i) => i);
  const order = all.filter((link) => cells[links.transmissionOf(link)] !== undefined && counts(covering, link));
  order.sort((a, b) => ids.compare(links.rowOf(a), links.rowOf(b)));
  return packedList(order.length, (index) => {
    const link = order[index] as number;
    const place = links.transmissionOf(link);
    const transmission = transmissions[place];
    const cell = cells[place];
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
      shares: selected ? (linkShares[place] ?? 0n) * payRoll.partOf(links.witnessOf(link)) : 0n,
    };
  });
}
