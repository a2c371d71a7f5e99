import { createRandom } from '../../simulator/world/random.ts';
import { type Attack, Recruiter } from '../attacks/attack.ts';
import type { Hotspot } from '../worlds/radio.ts';
import { createWorld, type EpochOnAir, runAttackedEpoch, runHonestEpoch, type World } from '../worlds/world.ts';
import type { EpochPay, NetworkRun, RuleSetName } from './network-run.ts';
import { Reach } from './reach.ts';
import { type Score, score } from './score.ts';

export interface SeedOptions {
  readonly seed: string;
  readonly attacks: readonly Attack[];
  /** Attackers' parts of all hotspots. */
  readonly shares: readonly number[];
  readonly honest: number;
  /** Epochs the network has behind it when the attack begins, and those the attack is watched for. */
  readonly settledEpochs: number;
  readonly attackEpochs: number;
}

/** Of the worlds that are published: the network has a history when the attack begins, and the attack goes on for a week. */
export const WORLD_SIZES = { honest: 60, settledEpochs: 5, attackEpochs: 7 };

export interface WorldScore extends Score {
  readonly attack: string;
  readonly attackerShare: number;
  readonly ruleSet: RuleSetName;
  readonly seed: string;
}

/** One attack in one world, played to its end. */
export interface PlayedAttack {
  readonly attack: string;
  readonly attackerShare: number;
  /** With the ground of those who attack. */
  readonly world: World;
  /** Everybody, honest and not, dead or alive. */
  readonly hotspots: readonly Hotspot[];
  /** Ids of the honest with four trusted witnesses in reach. */
  readonly inReach: ReadonlySet<number>;
  /** One a rule set, with what each epoch of the attack brought. */
  readonly runs: readonly { readonly run: NetworkRun; readonly epochs: readonly EpochPay[] }[];
}

/** The scores of what `playSeed` plays, by rule set. */
export function* runSeed(options: SeedOptions, newRuns: () => readonly NetworkRun[]): Generator<readonly WorldScore[]> {
  for (const { attack, attackerShare, hotspots, inReach, runs } of playSeed(options, newRuns)) {
    yield runs.map(({ run: { ruleSet }, epochs }) => {
      return { attack, attackerShare, ruleSet, seed: options.seed, ...score({ epochs, hotspots, inReach }) };
    });
  }
}

/**
 * One world under every attack and share. The network grows up once, without attackers; each attack then goes on from
 * there, in the same air for every rule set.
 */
export function* playSeed(options: SeedOptions, newRuns: () => readonly NetworkRun[]): Generator<PlayedAttack> {
  const { seed, attacks, shares, honest, settledEpochs, attackEpochs } = options;
  const world = createWorld(seed, { honest, settledEpochs, epochs: settledEpochs + attackEpochs });
  const settled = newRuns();
  const reach = new Reach();
  for (let epoch = 0; epoch < settledEpochs; epoch++) {
    const onAir = runHonestEpoch(world, epoch);
    reach.add(onAir);
    for (const run of settled) run.close(onAir);
  }
  const honestEpochs = Array.from({ length: attackEpochs }, (_, i) => runHonestEpoch(world, settledEpochs + i));
  for (const attack of attacks) {
    for (const attackerShare of shares) {
      yield playAttack(world, attack, { attackerShare, settled, reach, honestEpochs, options });
    }
  }
}

interface Settled {
  readonly attackerShare: number;
  readonly settled: readonly NetworkRun[];
  readonly reach: Reach;
  readonly honestEpochs: readonly EpochOnAir[];
  readonly options: SeedOptions;
}

function playAttack(base: World, attack: Attack, settled: Settled): PlayedAttack {
  const { attackerShare, honestEpochs, options } = settled;
  const { seed, settledEpochs } = options;
  const world = { ...base, pathLoss: base.pathLoss.extend(base.population.antennas) };
  const name = `${attack.name}/${attackerShare}`;
  const random = createRandom(`${seed}/${name}`);
  const count = Math.max(1, Math.round((attackerShare * base.population.hotspots.length) / (1 - attackerShare)));
  const gang = attack.recruit(new Recruiter({ count, epoch: settledEpochs }, world, random));
  const turned = new Map(gang.turned.map((one) => [one.id, one]));
  const hotspots: readonly Hotspot[] = [
    ...base.population.hotspots.map((one) => turned.get(one.id) ?? one),
    ...gang.joined,
  ];
  const runs = settled.settled.map((run) => ({ run: run.fork(), epochs: [] as EpochPay[] }));
  const reach = new Reach(settled.reach);
  const attackers = { hotspots: [...gang.turned, ...gang.joined], conduct: gang.conduct };
  for (const honest of honestEpochs) {
    const onAir = runAttackedEpoch(world, honest, attackers, name);
    reach.add(onAir);
    for (const { run, epochs } of runs) epochs.push(run.close(onAir));
  }
  return { attack: attack.name, attackerShare, world, hotspots, inReach: reach.withFourWitnesses(), runs };
}
