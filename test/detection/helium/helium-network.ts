import { computeDensity, FULL_SCALE } from '@sextant/oracle/core';
import { ClassShares, partsOf } from '../measure/class-shares.ts';
import type { EpochPay, NetworkRun } from '../measure/network-run.ts';
import { type Claim, type Hotspot, isHotspot, type Reception, type Transmission } from '../worlds/radio.ts';
import type { EpochOnAir } from '../worlds/world.ts';
import { Reciprocity } from './reciprocity.ts';
import { beaconerUnits, PAID_WITNESSES, witnessUnits } from './reward-units.ts';
import { type Distances, distancesBetween, findWitnessRefusal } from './witness-checks.ts';

/** Beaconing and witnessing have 6 and 24 % of the emission. */
const WEIGHTS = { beaconer: 0.2, witness: 0.8 } as const;
/** HIP 17 with the limits of HIP 104: [H3 resolution, N, target, maximum], hex_density.rs. */
const DENSITY = [
  [4, 2, 500, 1000],
  [5, 4, 100, 200],
  [6, 4, 25, 50],
  [7, 4, 5, 10],
  [8, 2, 1, 1],
  [9, 2, 1, 1],
  [10, 2, 1, 1],
].map(([resolution = 0, neighbours = 0, target = 0, maximum = 0]) => ({ resolution, neighbours, target, maximum }));
const ACTIVE_MS = 60 * 3_600_000;
/** Of a hotspot that density does not know. */
const UNKNOWN_SCALE = 0.2;
const FREQUENCY_HZ = 868_100_000;
/** One region, one band: every concentrator names the channel's own centre. */
const frequencyOf = (transmission: Transmission): number => FREQUENCY_HZ + 200_000 * transmission.channel;

/** The network as Helium's oracles ran it, without the deny list. */
export class HeliumNetwork implements NetworkRun {
  readonly ruleSet = 'helium';
  readonly #reciprocity: Reciprocity;
  readonly #lastActive: Map<number, number>;
  /** By the two claims. */
  readonly #distances: WeakMap<Claim, WeakMap<Claim, Distances>>;

  constructor(from?: HeliumNetwork) {
    this.#reciprocity = new Reciprocity(from === undefined ? undefined : from.#reciprocity);
    this.#lastActive = new Map(from ? from.#lastActive : []);
    this.#distances = from ? from.#distances : new WeakMap();
  }

  fork(): HeliumNetwork {
    return new HeliumNetwork(this);
  }

  close(onAir: EpochOnAir): EpochPay {
    const reports = new Map<Transmission, Reception[]>();
    for (const reception of onAir.receptions) {
      const list = reports.get(reception.transmission);
      if (list) list.push(reception);
      else reports.set(reception.transmission, [reception]);
    }
    const scaleOf = this.#density(onAir);
    const [real, ideal] = [new ClassShares(), new ClassShares()];
    for (const transmission of onAir.transmissions) {
      const { sender } = transmission;
      if (!isHotspot(sender)) continue;
      const witnesses = [...(reports.get(transmission) ?? [])].sort((a, b) => a.arrivedMs - b.arrivedMs);
      this.#payBeacon({ transmission, sender, witnesses, scale: scaleOf(sender) }, real, ideal);
    }
    const earned = new ClassShares();
    for (const kind of ['beaconer', 'witness'] as const) {
      for (const [id, shares] of real[kind]) if (ideal[kind].has(id)) earned[kind].set(id, shares);
    }
    return {
      paid: partsOf(real, WEIGHTS),
      earned: partsOf(earned, WEIGHTS, ideal),
      possible: partsOf(ideal, WEIGHTS),
      accused: new Set(),
    };
  }

  #payBeacon(poc: Poc, real: ClassShares, ideal: ClassShares): void {
    const { transmission, sender, witnesses, scale } = poc;
    // The beaconer's own report leaves when its frame is queued: its airtime is part of the witnesses' 4 s.
    const beaconMs = transmission.startMs + sender.receiver.latencyMs;
    const firstWitnessMs = witnesses[0]?.arrivedMs ?? beaconMs;
    const passed: Reception[] = [];
    const undoubted: Reception[] = [];
    for (const reception of witnesses) {
      const refusal = this.#refusalOf(reception, sender, { beaconMs, firstWitnessMs });
      if (refusal === undefined) passed.push(reception);
      const honest = !sender.attacker && !reception.witness.attacker && !reception.isRepeat;
      // Too near is how the network is laid out, no doubt about anybody.
      if (refusal === undefined || (honest && refusal !== 'below_min_distance')) undoubted.push(reception);
    }
    if (passed.length > 0) {
      this.#reciprocity.heard(
        sender.id,
        passed.map(({ witness }) => witness.id),
        beaconMs,
      );
      this.#lastActive.set(sender.id, beaconMs);
    }
    const mayBeacon = this.#reciprocity.mayBeacon(sender.id, beaconMs);
    const reciprocal = passed.filter(({ witness, arrivedMs }) => this.#reciprocity.mayWitness(witness.id, arrivedMs));
    if (mayBeacon) share(sender, reciprocal, scale, real);
    const forgiven = undoubted.filter((one) => !one.witness.attacker || (mayBeacon && reciprocal.includes(one)));
    if (mayBeacon || !sender.attacker) share(sender, forgiven, scale, ideal, true);
  }

  #refusalOf(reception: Reception, sender: Hotspot, times: { beaconMs: number; firstWitnessMs: number }) {
    const { transmission, witness, arrivedMs } = reception;
    const distances = this.#distancesOf(sender.claim, witness.claim);
    const frequencyHz = frequencyOf(transmission);
    return findWitnessRefusal(
      {
        location: sender.claim.point,
        gainDdbi: sender.claim.gainDdbi,
        txPowerDbm: transmission.levelDbm,
        frequencyHz,
        receivedMs: times.beaconMs,
      },
      {
        location: witness.claim.point,
        gainDdbi: witness.claim.gainDdbi,
        // The packet forwarder's signal RSSI where it has one, else the channel's.
        signalDdbm: reception.rssiSignalDdbm ?? reception.rssiChannelDdbm ?? 0,
        frequencyHz,
        receivedMs: arrivedMs,
      },
      { firstWitnessMs: times.firstWitnessMs, distances },
    );
  }

  #distancesOf(a: Claim, b: Claim): Distances {
    const known = this.#distances.get(a) ?? new WeakMap<Claim, Distances>();
    this.#distances.set(a, known);
    const distances = known.get(b) ?? distancesBetween(a.point, b.point);
    known.set(b, distances);
    return distances;
  }

  /** Scale of each hotspot's place among those that were active in the 60 hours before. */
  #density(onAir: EpochOnAir): (hotspot: Hotspot) => number {
    const nowMs = onAir.transmissions[0]?.startMs ?? 0;
    const cells = new Map<number, bigint>();
    for (const { id, claim } of onAir.hotspots) {
      const lastMs = this.#lastActive.get(id);
      if (lastMs !== undefined && nowMs - lastMs < ACTIVE_MS) cells.set(id, BigInt(`0x${claim.point}`));
    }
    const density = computeDensity([...cells.values()], DENSITY);
    return ({ id }) => {
      const cell = cells.get(id);
      return cell === undefined ? UNKNOWN_SCALE : density.scaleOf(cell) / FULL_SCALE;
    };
  }
}

interface Poc {
  readonly transmission: Transmission;
  readonly sender: Hotspot;
  /** By arrival. */
  readonly witnesses: readonly Reception[];
  readonly scale: number;
}

function share(
  sender: Hotspot,
  valid: readonly Reception[],
  scale: number,
  into: ClassShares,
  honestOnly = false,
): void {
  const selected = valid.slice(0, PAID_WITNESSES);
  const counts = ({ attacker }: Hotspot): boolean => !(honestOnly && attacker);
  if (selected.length > 0 && counts(sender)) into.addBeacon(sender.id, scale * beaconerUnits(selected.length));
  const units = witnessUnits(selected.length);
  for (const { witness } of selected) if (counts(witness)) into.addReception(witness.id, scale * units);
}
