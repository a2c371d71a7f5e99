import { bytesToHex, compareBytes } from '@sextant/firmware-bridge/protocol';
import { nextRegistry } from '../../registry/next-registry.ts';
import type { RegistryState } from '../../registry/registry-state.ts';
import { epochsOfDays } from '../../rewards/emission.ts';
import { readsRegistry } from '../../ruleset/index.ts';
import { carriedReport } from '../carry/find-carried.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { Knowledge } from '../known/knowledge.ts';
import type { CoverageCell, OwnerReward } from '../result.ts';
import type { CarriedReport, EpochState, FreshCell, LogState, StandingGrant } from '../state/epoch-state.ts';
import { packJudged } from '../state/judged-reports.ts';
import type { EpochCut } from './epoch-cut.ts';
import type { JudgedEpoch } from './judge-epoch.ts';
import { nextParticipants } from './next-participants.ts';

export interface NextStateInputs {
  readonly facts: EpochFacts;
  readonly knowledge: Knowledge;
  readonly judged: JudgedEpoch;
  /** Rows of the verdicts by report id. */
  readonly order: Uint32Array;
  readonly coverage: readonly CoverageCell[];
  readonly owners: readonly OwnerReward[];
  readonly cut: EpochCut;
  /** After the epoch's pay. */
  readonly places: EpochState['places'];
  readonly window: EpochState['window'];
}

/** What the next epoch starts from, but for the hash of this epoch's summary, which names this state's root. */
export function nextState(context: EpochContext, inputs: NextStateInputs): EpochState {
  const { state, network, epoch, nextFirstRound } = context;
  const { facts, judged, order, coverage, owners, cut, places, window } = inputs;
  const certificates = facts.certificates.standing(nextFirstRound);
  const participants = nextParticipants(context, inputs);
  return {
    network,
    epoch: epoch + 1,
    logs: nextLogs(facts, cut),
    certificates: certificates.sort((a, b) => a.round - b.round || compareBytes(a.entropy, b.entropy)),
    participants,
    grants: nextGrants(context, inputs),
    freshCells: nextFreshCells(context, coverage),
    carried: nextCarried(facts, judged),
    owners: owners.map(({ owner, cumulative }) => ({ owner, cumulative })),
    judged: [...state.judged, packJudged(epoch, judged.verdicts.ids, order)].filter(
      (judgedEpoch) => judgedEpoch.epoch >= epoch - context.ruleSet.timing.lateEpochs,
    ),
    places,
    window,
    registry: registryAfter(context, inputs, participants),
  };
}

function registryAfter(
  { ruleSet, network, state }: EpochContext,
  { facts, knowledge, owners }: NextStateInputs,
  participants: EpochState['participants'],
): RegistryState {
  if (!readsRegistry(ruleSet)) return state.registry;
  const heirs = [...knowledge.successions().byOldKey].map(([name, { newKey }]) => [name, newKey] as const);
  const owning = [participants, network.validators, owners].flatMap((all) => all.map(({ owner }) => bytesToHex(owner)));
  const { idlePayouts } = ruleSet.registry;
  return nextRegistry({
    folded: facts.known.registry(),
    heirs: new Map(heirs),
    owners: new Set(owning),
    idlePayouts,
  });
}

function nextLogs(facts: EpochFacts, cut: EpochCut): LogState[] {
  const roots = new Map(cut.logs.map(({ origin, root }) => [origin, root]));
  return facts.logs.logs().map(({ origin, keeper, nextIndex, lastClosedSlot }) => ({
    origin,
    validator: keeper,
    size: nextIndex,
    root: roots.get(origin) ?? new Uint8Array(32),
    lastClosedSlot,
  }));
}

/** An heir's grants are those of the key it inherits from. */
function nextGrants(context: EpochContext, { facts, knowledge }: NextStateInputs): StandingGrant[] {
  const { byOldKey } = knowledge.successions();
  const grants = facts.grants.standing(context.epoch + 1).flatMap((grant) => {
    const heir = byOldKey.get(bytesToHex(grant.key));
    return heir ? [grant, { ...grant, key: heir.newKey }] : [grant];
  });
  return grants.sort(
    (a, b) =>
      compareBytes(a.key, b.key) || (a.grant === b.grant ? a.validator - b.validator : a.grant < b.grant ? -1 : 1),
  );
}

function nextFreshCells(context: EpochContext, coverage: readonly CoverageCell[]): FreshCell[] {
  const { epoch, ruleSet, timing, state } = context;
  const oldest = epoch + 1 - epochsOfDays(timing, ruleSet.rewards.freshCoverageDays);
  const cells = new Map(state.freshCells.map(({ cell, lastEpoch }) => [cell, lastEpoch]));
  for (const { cell, state: coverageState } of coverage) if (coverageState === 'covered') cells.set(cell, epoch);
  return [...cells]
    .filter(([, lastEpoch]) => lastEpoch >= oldest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cell, lastEpoch]) => ({ cell, lastEpoch }));
}

function nextCarried(facts: EpochFacts, judged: JudgedEpoch): CarriedReport[] {
  return [...judged.carried]
    .map((row) => carriedReport(facts, row))
    .sort((a, b) => compareBytes(a.reporter, b.reporter) || compareBytes(a.report, b.report));
}
