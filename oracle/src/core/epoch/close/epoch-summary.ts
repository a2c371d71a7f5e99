import { bytesToHex, REASONS, type Reason } from '@sextant/firmware-bridge/protocol';
import { type CanonicalValue, canonicalJson } from '../../numeric/canonical-json.ts';
import type { RewardSplit } from '../../rewards/split-rewards.ts';
import { judgesPlaces } from '../../ruleset/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { CoverageCell, EpochResult, EpochSummary, EpochTrees } from '../result.ts';
import { cutJson, type EpochCut } from './epoch-cut.ts';
import type { JudgedEpoch } from './judge-epoch.ts';

export interface SummaryInputs {
  readonly facts: EpochFacts;
  readonly judged: JudgedEpoch;
  readonly coverage: readonly CoverageCell[];
  readonly split: RewardSplit;
  readonly locations: EpochResult<unknown>['locations'];
  readonly trees: EpochTrees;
  /** Root of the owners' claim tree. */
  readonly ownersRoot: Uint8Array;
  readonly cut: EpochCut;
}

export function epochSummary(context: EpochContext, inputs: SummaryInputs): EpochSummary {
  const { network, ruleSet, epoch, state } = context;
  const { trees, ownersRoot, split, cut } = inputs;
  const { previousSummary } = state;
  return {
    network: network.networkId,
    epoch,
    attempt: cut.attempt,
    ruleSet: ruleSet.number,
    ruleSetId: bytesToHex(ruleSet.id),
    coreVersion: ruleSet.coreVersion,
    cut: cutJson(cut),
    ...registryOf(inputs.facts),
    rounds: roundsOf(context, inputs.facts),
    counts: { ...countsOf(inputs), ...(judgesPlaces(ruleSet) ? placeCounts(inputs.locations) : {}) },
    roots: {
      inputs: bytesToHex(trees.inputs.root),
      verdicts: bytesToHex(trees.verdicts.root),
      coverage: bytesToHex(trees.coverage.root),
      rewards: bytesToHex(trees.rewards.root),
      owners: bytesToHex(ownersRoot),
      state: bytesToHex(trees.state.root),
    },
    total: split.total,
    unminted: split.unminted,
    ...(previousSummary ? { previous: bytesToHex(previousSummary) } : {}),
  };
}

function registryOf({ known }: EpochFacts): Pick<EpochSummary, 'registry'> {
  const { reference } = known.registry();
  if (!reference) return {};
  const { chainId, registry, block, hash } = reference;
  return { registry: { chainId, registry: bytesToHex(registry), block, hash: bytesToHex(hash) } };
}

function roundsOf(context: EpochContext, facts: EpochFacts): EpochSummary['rounds'] {
  const count = context.nextFirstRound - context.firstRound;
  return Array.from({ length: count }, (_, i) => {
    const round = context.firstRound + i;
    const certified = facts.certificates.find(round);
    return certified ? { round, entropy: bytesToHex(certified.entropy) } : { round };
  });
}

const REASON_NAMES = (Object.keys(REASONS) as Reason[]).filter((reason) => reason !== 'none');

/** Of reports, not of copies: the same whatever the batching. */
function countsOf({ judged, coverage, split }: SummaryInputs): Record<string, number> {
  const { verdicts, links, transmissions, carried } = judged;
  const covered = coverage.filter(({ state }) => state === 'covered').length;
  const paid = split.lines.filter(({ rewardClass, amount }) => rewardClass !== 'validator' && amount > 0n);
  return {
    reports: verdicts.ids.count,
    beacons: verdicts.countOf('beacon'),
    witnessReports: verdicts.countOf('witness'),
    surveyTransmissions: verdicts.countOf('survey'),
    valid: verdicts.countOf('valid'),
    invalid: verdicts.countOf('invalid'),
    insufficient: verdicts.countOf('insufficient'),
    validTransmissions: transmissions.length,
    validLinks: links.count,
    carried: carried.size,
    coveredCells: covered,
    surveyedNotCoveredCells: coverage.length - covered,
    paidKeys: new Set(paid.map(({ key }) => bytesToHex(key))).size,
    ...Object.fromEntries(
      REASON_NAMES.map((reason) => [`reason.${reason}`, verdicts.countOf(reason)] as const).filter(([, n]) => n > 0),
    ),
  };
}

/** Of the hotspots that have a place. */
function placeCounts(locations: SummaryInputs['locations']): Record<string, number> {
  const reasons = new Map<string, number>();
  for (const { reason } of locations) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const found = REASON_NAMES.map((reason) => [`place.${reason}`, reasons.get(reason) ?? 0] as const);
  return {
    places: locations.length,
    provenPlaces: locations.filter(({ outcome }) => outcome === 'valid').length,
    ...Object.fromEntries(found.filter(([, n]) => n > 0)),
  };
}

/** RFC 8785 JSON of a summary; every integer is a decimal string. */
export function summaryJson(summary: EpochSummary): string {
  return canonicalJson(withTextIntegers(summary));
}

function withTextIntegers(value: unknown): CanonicalValue {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(withTextIntegers);
  if (typeof value !== 'object' || value === null) throw new TypeError(`a summary holds no ${typeof value}`);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTextIntegers(member)]));
}
