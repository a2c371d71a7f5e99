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
  type PlacePay,
  PRODUCTION_TIMING,
  payOf,
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
/** Nobody looks at the regions of places here: the search for the likeliest is as exact, and far shorter, without them. */
const NUMBERS = { ...RULE_SET, location: { ...RULE_SET.location, regionMicronats: 0 } };
const { beaconerPercent, witnessPercent } = RULE_SET.rewards;
const WEIGHTS = {
  beaconer: beaconerPercent / (beaconerPercent + witnessPercent),
  witness: witnessPercent / (beaconerPercent + witnessPercent),
};
/** Pay is held in whole units: this many make an epoch's pool. */
const POOL = 1e15;

/** A reception with what the pairwise checks made of it. */
interface JudgedReception extends Pick<Reception, 'isRepeat' | 'transmission' | 'witness'> {
  readonly accepted: AcceptedReception | 'too_near' | undefined;
}

/** What is found out once, whatever network it is for: the honest receptions of an epoch are the same under every attack. */
interface Known {
  readonly cells: CellCache;
  readonly judged: WeakMap<Reception, JudgedReception>;
}

/** This network's rule set 2, from judged receptions to pay: what the close of an epoch does, without its signatures. */
export class SextantNetwork implements NetworkRun {
  readonly ruleSet = 'sextant';
  /** Of the last epoch. */
  judgement: NetworkJudgement | undefined;
  ids: readonly number[] = [];
  readonly #window: EvidenceWindow;
  readonly #known: Known;
  #standings: ReadonlyMap<number, Standing>;

  constructor(from?: SextantNetwork) {
    this.#window = from === undefined ? new EvidenceWindow(RULE_SET.window.generationEpochs) : from.#window.copy();
    this.#known = from === undefined ? { cells: new Map<bigint, CellCentre>(), judged: new WeakMap() } : from.#known;
    this.#standings = from === undefined ? new Map() : from.#standings;
  }

  fork(): SextantNetwork {
    return new SextantNetwork(this);
  }

  close(onAir: EpochOnAir): EpochPay {
    const judged = this.#judgePairs(onAir);
    const { evidence, ids } = this.#window.close(onAir.epoch, this.#standings);
    const judgement = judgeNetwork(evidence, NUMBERS, this.#known.cells);
    this.judgement = judgement;
    this.ids = ids;
    this.#standings = new Map(ids.map((id, i) => [id, judgement.standings[i] ?? INITIAL_STANDING]));
    const verdicts = new Map(judgement.locations.map((verdict) => [verdict.radio, verdict]));
    const rules = { epoch: onAir.epoch, numbers: RULE_SET };
    const pays = ids.map((id, i) => {
      return [id, payOf(judgement.standings[i] ?? INITIAL_STANDING, verdicts.get(i), rules)] as const;
    });
    return this.#pay(onAir, judged, new Map(pays));
  }

  #judgePairs(onAir: EpochOnAir): readonly JudgedReception[] {
    const window = this.#window;
    window.begin(onAir.epoch, onAir.hotspots);
    for (const { sender } of onAir.transmissions) window.transmitted(sender);
    return onAir.receptions.flatMap((reception) => {
      const { transmission, witness } = reception;
      const { sender } = transmission;
      if (isHotspot(sender) && sender.owner === witness.owner) return [];
      const judged = this.#judge(reception);
      const { accepted } = judged;
      if (typeof accepted === 'object') {
        window.listened(witness, transmission.round);
        window.heard(sender, witness, { senderCell: transmission.cell, ...accepted }, onAir.epoch);
      }
      return [judged];
    });
  }

  #judge(reception: Reception): JudgedReception {
    const { cells, judged } = this.#known;
    const known = judged.get(reception);
    if (known) return known;
    const { isRepeat, transmission, witness } = reception;
    const accepted = acceptReception(reception, RULE_SET, cells);
    const found = { ...(isRepeat ? { isRepeat } : {}), transmission, witness, accepted };
    judged.set(reception, found);
    return found;
  }

  #pay(onAir: EpochOnAir, judged: readonly JudgedReception[], pays: ReadonlyMap<number, PlacePay>): EpochPay {
    const payRoll = (one: Hotspot): PlacePay => pays.get(one.id) ?? UNKNOWN_PAY;
    /** As if no honest place were doubted, and every honest hotspot trusted. */
    const forgiving = (one: Hotspot): PlacePay => (one.attacker ? payRoll(one) : FULL_PAY);
    const [real, ideal] = [new ClassShares(), new ClassShares()];
    const [realScale, idealScale] = [densityOf(onAir, payRoll), densityOf(onAir, forgiving)];
    for (const [transmission, receptions] of byTransmission(judged)) {
      const { sender } = transmission;
      if (!isHotspot(sender)) continue;
      const accepted = receptions.filter((one) => typeof one.accepted === 'object');
      share(sender, accepted, { payRoll, scale: realScale(sender) }, real);
      const undoubted = receptions.filter(({ accepted: found, isRepeat, witness }) => {
        const isHonest = !sender.attacker && !witness.attacker && !isRepeat;
        return typeof found === 'object' || (found === undefined && isHonest);
      });
      share(sender, undoubted, { payRoll: forgiving, scale: idealScale(sender) }, ideal);
    }
    return this.#settle(onAir, { real, ideal, pays });
  }

  #settle(onAir: EpochOnAir, { real, ideal, pays }: Shares): EpochPay {
    const attackers = new Set(onAir.hotspots.filter(({ attacker }) => attacker).map(({ id }) => id));
    const dues = partsOf(real, WEIGHTS);
    const honest = withoutThose(ideal, attackers);
    const worths = partsOf(withoutThose(real, attackers), WEIGHTS, honest);
    const [paid, earned] = [new Map<number, number>(), new Map<number, number>()];
    const standings = new Map(this.#standings);
    for (const { id } of onAir.hotspots) {
      const standing = standings.get(id) ?? INITIAL_STANDING;
      const pay = pays.get(id) ?? UNKNOWN_PAY;
      const outcome = standing.location ?? 'insufficient';
      const due = pay.status === 'unpaid' ? 0n : BigInt(Math.round((dues.get(id) ?? 0) * POOL));
      const hasBegun = standing.grace.epochs > 0 || pay.share > 0 || outcome === 'valid';
      if (!hasBegun) continue;
      const result = graceAfter(standing.grace, outcome, due, RULE_SET.rewards.insufficientEpochs);
      standings.set(id, { ...standing, grace: result.grace });
      paid.set(id, Number(result.paid) / POOL);
      // What is released after being held was worth as much when it was earned.
      earned.set(id, due === 0n ? 0 : ((worths.get(id) ?? 0) * Number(result.paid)) / Number(due));
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

interface Shares {
  readonly real: ClassShares;
  readonly ideal: ClassShares;
  readonly pays: ReadonlyMap<number, PlacePay>;
}

const UNKNOWN_PAY: PlacePay = { status: 'unpaid', stands: false, share: 0 };
const FULL_PAY: PlacePay = { status: 'paid', stands: true, share: FULL_TRUST };

type PayRoll = (one: Hotspot) => PlacePay;

function byTransmission(judged: readonly JudgedReception[]): ReadonlyMap<Transmission, readonly JudgedReception[]> {
  const found = new Map<Transmission, JudgedReception[]>();
  for (const one of judged) {
    const list = found.get(one.transmission);
    if (list) list.push(one);
    else found.set(one.transmission, [one]);
  }
  return found;
}

/** Scale of each sender's place: those in doubt crowd nobody. */
function densityOf({ hotspots }: EpochOnAir, payRoll: PayRoll): (sender: Hotspot) => number {
  const standing = hotspots.filter((one) => payRoll(one).stands).map(({ claim }) => claim.cell);
  const density = computeDensity(standing, RULE_SET.rewards.density);
  return ({ claim }) => density.scaleOf(claim.cell) / FULL_SCALE;
}

const redundancy = createRedundancy(RULE_SET);
const partsOfUnit = (parts: bigint): number => Number(parts) / Number(redundancy.unit);

/** HIP 15 parts of a beacon: none of a sender in doubt, and only witnesses that are paid take part. */
function share(
  sender: Hotspot,
  receptions: readonly JudgedReception[],
  { payRoll, scale }: { readonly payRoll: PayRoll; readonly scale: number },
  into: ClassShares,
): void {
  if (!payRoll(sender).stands) return;
  const witnesses = receptions
    .filter(({ witness }) => payRoll(witness).status !== 'unpaid' && payRoll(witness).share > 0)
    .map(({ transmission, witness }) => ({ witness, lot: drawLot(transmission, witness) }))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, RULE_SET.link.paidWitnesses);
  if (witnesses.length === 0) return;
  const own = payRoll(sender);
  if (own.status !== 'unpaid' && own.share > 0) {
    into.addBeacon(sender.id, own.share * scale * partsOfUnit(redundancy.beaconParts(witnesses.length)));
  }
  const each = scale * partsOfUnit(redundancy.witnessParts(witnesses.length));
  for (const { witness } of witnesses) into.addReception(witness.id, payRoll(witness).share * each);
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
