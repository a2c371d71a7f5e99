import {
  type CellCache,
  type CellCentre,
  computeDensity,
  createRedundancy,
  FULL_SCALE,
  FULL_TRUST,
  graceAfter,
  INITIAL_STANDING,
  isAccused,
  judgeNetwork,
  type NetworkJudgement,
  PRODUCTION_TIMING,
  payAfterAccusations,
  ruleSet2,
  type Standing,
} from '@sextant/oracle/core';
import { ClassShares, partsOf } from '../measure/class-shares.ts';
import type { EpochPay, NetworkRun } from '../measure/network-run.ts';
import { type Hotspot, isHotspot, type Reception, type Transmission } from '../worlds/radio.ts';
import type { EpochOnAir } from '../worlds/world.ts';
import { EvidenceWindow } from './evidence-window.ts';
import { type AcceptedReception, acceptReception } from './radio-check.ts';

const RULE_SET = ruleSet2(PRODUCTION_TIMING);
const { beaconerPercent, witnessPercent } = RULE_SET.rewards;
const WEIGHTS = {
  beaconer: beaconerPercent / (beaconerPercent + witnessPercent),
  witness: witnessPercent / (beaconerPercent + witnessPercent),
};
/** Pay is held in whole units: this many make an epoch's pool. */
const POOL = 1e15;

/** A reception with what the pairwise checks made of it. */
interface JudgedReception extends Reception {
  readonly accepted: AcceptedReception | 'too_near' | undefined;
}

/** This network's rule set 2, from judged receptions to pay: what the close of an epoch does, without its signatures. */
export class SextantNetwork implements NetworkRun {
  readonly ruleSet = 'sextant';
  /** Of the last epoch. */
  judgement: NetworkJudgement | undefined;
  ids: readonly number[] = [];
  readonly #window: EvidenceWindow;
  readonly #cells: CellCache;
  #standings: ReadonlyMap<number, Standing>;

  constructor(from?: SextantNetwork) {
    this.#window = from === undefined ? new EvidenceWindow(RULE_SET.window.generationEpochs) : from.#window.copy();
    this.#cells = from === undefined ? new Map<bigint, CellCentre>() : from.#cells;
    this.#standings = from === undefined ? new Map() : from.#standings;
  }

  fork(): SextantNetwork {
    return new SextantNetwork(this);
  }

  close(onAir: EpochOnAir): EpochPay {
    const judged = this.#judgePairs(onAir);
    const { evidence, ids } = this.#window.evidence(onAir.epoch, this.#standings);
    this.judgement = judgeNetwork(evidence, RULE_SET, this.#cells);
    this.ids = ids;
    const standings = this.judgement.standings;
    this.#standings = new Map(ids.map((id, i) => [id, standings[i] ?? INITIAL_STANDING]));
    return this.#pay(onAir, judged);
  }

  #judgePairs(onAir: EpochOnAir): readonly JudgedReception[] {
    const window = this.#window;
    window.begin(onAir.epoch, onAir.hotspots);
    for (const { sender } of onAir.transmissions) window.transmitted(sender);
    return onAir.receptions.flatMap((reception) => {
      const { transmission, witness } = reception;
      const { sender } = transmission;
      if (isHotspot(sender) && sender.owner === witness.owner) return [];
      const accepted = acceptReception(reception, RULE_SET, this.#cells);
      if (typeof accepted === 'object') {
        window.listened(witness, transmission.round);
        const ends = { sender: window.idOf(sender), receiver: witness.id, senderCell: transmission.cell };
        window.heard({ ...ends, ...accepted }, onAir.epoch);
      }
      return [{ ...reception, accepted }];
    });
  }

  #pay(onAir: EpochOnAir, judged: readonly JudgedReception[]): EpochPay {
    const density = computeDensity(
      onAir.hotspots.map(({ claim }) => claim.cell),
      RULE_SET.rewards.density,
    );
    const byTransmission = new Map<Transmission, JudgedReception[]>();
    for (const one of judged) {
      const list = byTransmission.get(one.transmission);
      if (list) list.push(one);
      else byTransmission.set(one.transmission, [one]);
    }
    const [real, ideal] = [new ClassShares(), new ClassShares()];
    const paidPart = (one: Hotspot): number => this.#paidPart(one, onAir.epoch);
    for (const [transmission, receptions] of byTransmission) {
      const { sender } = transmission;
      if (!isHotspot(sender)) continue;
      const poc = { sender, receptions, density };
      share(poc, (one) => typeof one.accepted === 'object', paidPart, real);
      const accepts = (one: JudgedReception): boolean =>
        typeof one.accepted === 'object' || (one.accepted === undefined && !sender.attacker && !one.witness.attacker);
      share(poc, accepts, (one) => (one.attacker ? paidPart(one) : 1), ideal);
    }
    return this.#settle(onAir, real, ideal);
  }

  /** What part of its work a hotspot is paid for, held or at once. */
  #paidPart({ id }: Hotspot, epoch: number): number {
    const standing = this.#standings.get(id) ?? INITIAL_STANDING;
    const part = payAfterAccusations(standing.accusations, epoch, RULE_SET) / FULL_TRUST;
    if (standing.location === 'valid') return part;
    const { insufficientPercent } = RULE_SET.rewards;
    return standing.location === 'insufficient' && !standing.grace.over ? (part * insufficientPercent) / 100 : 0;
  }

  #settle(onAir: EpochOnAir, real: ClassShares, ideal: ClassShares): EpochPay {
    const attackers = new Set(onAir.hotspots.filter(({ attacker }) => attacker).map(({ id }) => id));
    const dues = partsOf(real, WEIGHTS);
    const honest = withoutThose(ideal, attackers);
    const worths = partsOf(withoutThose(real, attackers), WEIGHTS, honest);
    const [paid, earned] = [new Map<number, number>(), new Map<number, number>()];
    const standings = new Map(this.#standings);
    for (const { id } of onAir.hotspots) {
      const standing = standings.get(id) ?? INITIAL_STANDING;
      const due = BigInt(Math.round((dues.get(id) ?? 0) * POOL));
      const result = graceAfter(
        standing.grace,
        standing.location ?? 'insufficient',
        due,
        RULE_SET.rewards.insufficientEpochs,
      );
      standings.set(id, { ...standing, grace: result.grace });
      const now = Number(result.paid) / POOL;
      paid.set(id, now);
      const worth = worths.get(id) ?? 0;
      // What is released after being held was worth as much when it was earned.
      earned.set(id, due === 0n ? 0 : (worth * Number(result.paid)) / Number(due));
    }
    this.#standings = standings;
    return { paid, earned, possible: partsOf(honest, WEIGHTS), accused: this.#accused(onAir.epoch) };
  }

  #accused(epoch: number): ReadonlySet<number> {
    const accused = [...this.#standings].filter(([, { accusations, location }]) => {
      return location === 'invalid' || accusations.some((one) => one.epoch === epoch && isAccused(one, RULE_SET));
    });
    return new Set(accused.map(([id]) => id));
  }
}

interface Poc {
  readonly sender: Hotspot;
  readonly receptions: readonly JudgedReception[];
  readonly density: ReturnType<typeof computeDensity>;
}

const redundancy = createRedundancy(RULE_SET);
const partsOfUnit = (parts: bigint): number => Number(parts) / Number(redundancy.unit);

function share(
  { sender, receptions, density }: Poc,
  accepts: (one: JudgedReception) => boolean,
  paidPart: (one: Hotspot) => number,
  into: ClassShares,
): void {
  const witnesses = receptions
    .filter((one) => accepts(one) && paidPart(one.witness) > 0)
    .map(({ transmission, witness }) => ({ witness, lot: drawLot(transmission, witness) }))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, RULE_SET.link.paidWitnesses)
    .map(({ witness }) => witness);
  if (witnesses.length === 0) return;
  const scale = density.scaleOf(sender.claim.cell) / FULL_SCALE;
  const own = paidPart(sender);
  if (own > 0) into.addBeacon(sender.id, own * scale * partsOfUnit(redundancy.beaconParts(witnesses.length)));
  const each = scale * partsOfUnit(redundancy.witnessParts(witnesses.length));
  for (const witness of witnesses) into.addReception(witness.id, paidPart(witness) * each);
}

/** Stands for the hash under the next round's entropy: nobody can choose it, and it favours nobody. */
function drawLot({ id, round }: Transmission, { key }: Hotspot): number {
  let mixed = Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b);
  for (const byte of key.subarray(0, 4)) mixed = Math.imul(mixed ^ byte ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function withoutThose(shares: ClassShares, ids: ReadonlySet<number>): ClassShares {
  const rest = new ClassShares();
  for (const [id, one] of shares.beaconer) if (!ids.has(id)) rest.addBeacon(id, one);
  for (const [id, one] of shares.witness) if (!ids.has(id)) rest.addReception(id, one);
  return rest;
}
