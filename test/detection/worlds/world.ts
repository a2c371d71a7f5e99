import type { Random } from '../../simulator/world/random.ts';
import { createRandom } from '../../simulator/world/random.ts';
import { Air } from './air.ts';
import { toReception } from './concentrator.ts';
import type { Conduct, Repeat } from './conduct.ts';
import { drawPopulation, type Population, type PopulationOptions } from './population.ts';
import { type Hotspot, isHotspot, type Reception, type Transmission } from './radio.ts';
import { createPathLoss, drawRadioLaw, type PathLoss, type RadioLaw } from './radio-law.ts';
import { drawSite, type Site } from './site.ts';
import { drawBeacon, driveEpoch, ROUNDS_AN_EPOCH } from './transmit.ts';

/** Ground, people and physics of one world; the same seed gives the same on every machine. */
export interface World {
  readonly seed: string;
  readonly site: Site;
  readonly law: RadioLaw;
  readonly population: Population;
  readonly pathLoss: PathLoss;
}

/** Everything one epoch brings to the network. */
export interface EpochOnAir {
  readonly epoch: number;
  /** Those that take part, honest and not, by their ids. */
  readonly hotspots: readonly Hotspot[];
  readonly transmissions: readonly Transmission[];
  readonly receptions: readonly Reception[];
}

export function createWorld(seed: string, options: PopulationOptions): World {
  const random = createRandom(seed);
  const site = drawSite(random.fork('site'));
  const law = drawRadioLaw(site.cityRadiusM, random.fork('law'));
  return {
    seed,
    site,
    law,
    population: drawPopulation(site, options, random.fork('population')),
    pathLoss: createPathLoss(law, random.fork('shadows')),
  };
}

const takesPart =
  (epoch: number) =>
  (one: Hotspot): boolean =>
    one.fromEpoch <= epoch && epoch < one.untilEpoch;

/** One epoch of the population alone, everybody honest. */
export function runHonestEpoch(world: World, epoch: number): EpochOnAir {
  const random = createRandom(`${world.seed}/epoch/${epoch}`);
  const hotspots = world.population.hotspots.filter(takesPart(epoch));
  const transmissions = byStart([
    ...drawBeacons(hotspots, epoch, 0, random.fork('send')),
    ...driveCars(world, epoch, hotspots.length * ROUNDS_AN_EPOCH, random),
  ]);
  const air = new Air(world.pathLoss, transmissions, random.fork('air'));
  const reporting = random.fork('report');
  const receptions: Reception[] = [];
  for (const transmission of transmissions) {
    for (const witness of hotspots) {
      if (witness === transmission.sender) continue;
      const measured = air.heard(transmission, witness);
      if (measured) receptions.push(toReception(measured, transmission, witness, reporting));
    }
  }
  return { epoch, hotspots, transmissions, receptions };
}

/** Those who attack, and how. */
export interface Attackers {
  /** New ones, and those of the population that turned. */
  readonly hotspots: readonly Hotspot[];
  readonly conduct: Conduct;
}

/**
 * The same epoch with attackers in it. What honest hotspots hear of each other stays as it was, so that attacks compare;
 * who has turned is as if newly come. `name` tells this attack's luck from others'.
 */
export function runAttackedEpoch(world: World, honest: EpochOnAir, attackers: Attackers, name: string): EpochOnAir {
  const { epoch } = honest;
  const random = createRandom(`${world.seed}/epoch/${epoch}/${name}`);
  const attacking = attackers.hotspots.filter(takesPart(epoch));
  const turned = new Set(attackers.hotspots.map(({ id }) => id));
  const left = honest.hotspots.filter(({ id }) => !turned.has(id));
  const ownSend = drawBeacons(attacking, epoch, honest.transmissions.length, random.fork('send'));
  const stays = ({ sender }: Transmission): boolean => !isHotspot(sender) || !turned.has(sender.id);
  const transmissions = byStart([...honest.transmissions.filter(stays), ...ownSend]);
  const air = new Air(world.pathLoss, transmissions, random.fork('air'));
  const reporting = random.fork('report');
  const receptions = honest.receptions.filter(
    ({ transmission, witness }) => !turned.has(witness.id) && stays(transmission),
  );
  const heardAlready = hearers(receptions);
  const { conduct } = attackers;
  for (const transmission of transmissions) {
    const repeats = conduct.repeats?.(transmission, reporting) ?? [];
    const report = (witness: Hotspot, measured: ReturnType<Air['heard']>): void => {
      if (measured) receptions.push(toReception(measured, transmission, witness, reporting));
    };
    for (const witness of honestListeners(transmission, repeats, left)) {
      if (isHotspot(transmission.sender) && transmission.sender.attacker) {
        report(witness, air.heard(transmission, witness, repeats));
      } else if (!heardAlready.get(transmission)?.has(witness)) {
        report(witness, air.echo(transmission, witness, repeats));
      }
    }
    const heard = (by: Hotspot) => air.heard(transmission, by, repeats);
    for (const witness of attacking) {
      if (witness === transmission.sender) continue;
      const overheard = { transmission, witness, heard, epoch, random: reporting };
      report(witness, conduct.report ? conduct.report(overheard) : heard(witness));
    }
  }
  return { epoch, hotspots: [...left, ...attacking], transmissions, receptions };
}

/** Honest hotspots that may hear something here that they did not hear without attackers. */
function honestListeners(
  { sender }: Transmission,
  repeats: readonly Repeat[],
  honest: readonly Hotspot[],
): readonly Hotspot[] {
  const isNew = isHotspot(sender) && sender.attacker;
  return isNew || repeats.length > 0 ? honest.filter((one) => one !== sender) : [];
}

function hearers(receptions: readonly Reception[]): ReadonlyMap<Transmission, ReadonlySet<Hotspot>> {
  const known = new Map<Transmission, Set<Hotspot>>();
  for (const { transmission, witness } of receptions) {
    const set = known.get(transmission);
    if (set) set.add(witness);
    else known.set(transmission, new Set([witness]));
  }
  return known;
}

const byStart = (transmissions: Transmission[]): readonly Transmission[] =>
  transmissions.sort((a, b) => a.startMs - b.startMs);

function drawBeacons(hotspots: readonly Hotspot[], epoch: number, firstId: number, random: Random): Transmission[] {
  const first = epoch * ROUNDS_AN_EPOCH;
  return Array.from({ length: ROUNDS_AN_EPOCH }, (_, i) =>
    hotspots.map((sender, j) => drawBeacon(sender, first + i, firstId + i * hotspots.length + j, random)),
  ).flat();
}

function driveCars(world: World, epoch: number, firstId: number, random: Random): Transmission[] {
  let nextId = firstId;
  return world.population.cars.flatMap((car, i) => {
    const antennaIndex = world.population.hotspots.length + i;
    const drive = driveEpoch(world.site, { car, antennaIndex, epoch, firstId: nextId }, random.fork(car.name));
    nextId += drive.length;
    return drive;
  });
}
