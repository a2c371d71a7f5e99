import { computeDensity, FULL_SCALE } from '../../rewards/density.ts';
import { createRedundancy } from '../../rewards/redundancy.ts';
import type { RewardClaim } from '../../rewards/split-rewards.ts';
import { type SurveyedCell, surveyShares } from '../../rewards/survey-shares.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { Knowledge } from '../known/knowledge.ts';
import type { RewardClass } from '../result.ts';
import type { HeardTransmission, JudgedEpoch } from './judge-epoch.ts';
import type { PayRoll } from './pay-roll.ts';

export interface ClaimInputs {
  readonly facts: EpochFacts;
  readonly knowledge: Knowledge;
  readonly judged: JudgedEpoch;
  /** Number of paid witnesses of each transmission. */
  readonly selected: readonly number[];
  readonly payRoll: PayRoll;
  /** The cell each transmission covers. */
  readonly cells: readonly (bigint | undefined)[];
}

export interface EpochClaims {
  readonly claims: readonly RewardClaim[];
  /** Shares of the witness class each paid link of a transmission brings a witness whose work counts 1, by transmission. */
  readonly linkShares: readonly bigint[];
}

interface Earned {
  shares: bigint;
  count: number;
  scales: number;
}

/** What everybody has earned in this epoch, in shares of the four classes. */
export function claimRewards(context: EpochContext, inputs: ClaimInputs): EpochClaims {
  const { facts, judged } = inputs;
  const { beaconers, witnesses, linkShares } = claimBeacons(context, inputs);
  const claims = [
    ...claimRounds(context, facts),
    ...toClaims('beaconer', beaconers, facts),
    ...toClaims('witness', witnesses, facts),
  ];
  const surveyed = surveyShares(surveyedCells(context, inputs), context.ruleSet.rewards, (key) =>
    inputs.payRoll.partOf(key),
  );
  for (const [number, { shares, cells }] of surveyed) {
    const common = { rewardClass: 'survey', key: facts.reports.keyOf(number), densityScale: FULL_SCALE } as const;
    claims.push({ ...common, shares, count: cells });
  }
  return { claims, linkShares: judged.transmissions.map((_, i) => linkShares[i] ?? 0n) };
}

/** Validators: one share a certified round of the epoch they have signed. */
function claimRounds(context: EpochContext, facts: EpochFacts): RewardClaim[] {
  const rounds = new Map<number, number>();
  for (let round = context.firstRound; round < context.nextFirstRound; round++) {
    for (const signer of facts.certificates.find(round)?.signers ?? []) {
      rounds.set(signer, (rounds.get(signer) ?? 0) + 1);
    }
  }
  return context.network.validators.flatMap(({ logKey }, i) => {
    const count = rounds.get(i) ?? 0;
    if (count === 0) return [];
    return [{ rewardClass: 'validator', key: logKey, shares: BigInt(count), count, densityScale: FULL_SCALE }];
  });
}

/**
 * Beacons of hotspots: HIP 15 parts of the sender and of each paid witness, times the density scale of the sender's place
 * and what each one's work counts.
 */
function claimBeacons(context: EpochContext, inputs: ClaimInputs) {
  const { facts, judged, selected, payRoll } = inputs;
  const redundancy = createRedundancy(context.ruleSet);
  const density = computeDensity(populatedCells(context, inputs), context.ruleSet.rewards.density);
  const beaconers = new Map<number, Earned>();
  const witnesses = new Map<number, Earned>();
  const linkShares = judged.transmissions.map((transmission, i) => {
    if (transmission.facts.senderKind !== 'hotspot') return 0n;
    const heardBy = selected[i] ?? 0;
    const scale = density.scaleOf(transmission.facts.cell);
    const sender = facts.reports.reporterNumber(transmission.row);
    if (heardBy > 0 && payRoll.isPaid(sender)) {
      earn(beaconers, sender, redundancy.beaconParts(heardBy) * payRoll.partOf(sender), scale);
    }
    const parts = redundancy.witnessParts(heardBy);
    for (const link of paidLinks(transmission, judged)) {
      const witness = judged.links.witnessOf(link);
      earn(witnesses, witness, parts * payRoll.partOf(witness), scale);
    }
    return parts * BigInt(scale);
  });
  return { beaconers, witnesses, linkShares };
}

function earn(earned: Map<number, Earned>, key: number, parts: bigint, scale: number): void {
  const entry = earned.get(key) ?? { shares: 0n, count: 0, scales: 0 };
  entry.shares += parts * BigInt(scale);
  entry.count++;
  entry.scales += scale;
  earned.set(key, entry);
}

function* paidLinks(transmission: HeardTransmission, { links }: JudgedEpoch): Iterable<number> {
  for (let link = transmission.firstLink; link < transmission.firstLink + transmission.links; link++) {
    if (links.isSelected(link)) yield link;
  }
}

function toClaims(rewardClass: RewardClass, earned: ReadonlyMap<number, Earned>, facts: EpochFacts): RewardClaim[] {
  return [...earned].map(([number, { shares, count, scales }]) => ({
    rewardClass,
    key: facts.reports.keyOf(number),
    shares,
    count,
    densityScale: Math.floor(scales / count),
  }));
}

/** Where the epoch's last round finds a hotspot that was online in the epoch: one cell each. A place in doubt crowds nobody. */
function populatedCells(context: EpochContext, { facts, knowledge, payRoll }: ClaimInputs): bigint[] {
  const online = new Set<number>();
  for (let round = context.firstRound; round < context.nextFirstRound; round++) {
    for (const key of facts.onlineIn(round)) online.add(key);
  }
  const last = context.nextFirstRound - 1;
  return [...online].flatMap((number) => {
    if (!payRoll.stands(number)) return [];
    const key = facts.reports.keyOf(number);
    if (knowledge.participantAt(key, last)?.kind !== 'hotspot') return [];
    const cell = knowledge.assertionAt(key, last)?.report.cell;
    return cell === undefined ? [] : [cell];
  });
}

/** Cells with a heard survey transmission; only granted devices' are valid. */
function surveyedCells(context: EpochContext, { facts, judged, cells }: ClaimInputs): Iterable<SurveyedCell> {
  const fresh = new Set(context.state.freshCells.map(({ cell }) => cell));
  const surveyed = new Map<bigint, { cell: bigint; known: boolean; devices: Set<number>; witnesses: Set<number> }>();
  judged.transmissions.forEach((transmission, i) => {
    const cell = cells[i];
    if (transmission.facts.senderKind !== 'survey_device' || cell === undefined || transmission.links === 0) return;
    const entry = surveyed.get(cell) ?? { cell, known: fresh.has(cell), devices: new Set(), witnesses: new Set() };
    surveyed.set(cell, entry);
    entry.devices.add(facts.reports.reporterNumber(transmission.row));
    for (const link of paidLinks(transmission, judged)) entry.witnesses.add(judged.links.witnessOf(link));
  });
  return surveyed.values();
}
