import { ACCUSATION_CODES, type AccusationCode } from '@sextant/firmware-bridge/protocol';
import {
  type CellCache,
  type CellCentre,
  computeTrust,
  findCollusion,
  HearingCurve,
  type LocationNumbers,
  type NetworkEvidence,
  type TrustNumbers,
} from '@sextant/oracle/core';
import { createRandom } from '../../simulator/world/random.ts';
import { type Attack, Recruiter } from '../attacks/attack.ts';
import { createWorld, type EpochOnAir, runAttackedEpoch, runHonestEpoch } from '../worlds/world.ts';
import { windowEvidence } from './window-evidence.ts';

export interface RateOptions {
  readonly seed: string;
  readonly honest: number;
  readonly windowEpochs: number;
  /** Attackers' part of all hotspots. */
  readonly share: number;
}

/** What the trust flow and the collusion checks make of one world's window. */
export interface Rates {
  readonly hotspots: number;
  readonly trust: readonly number[];
  /** Hotspots each check suspects. */
  readonly suspected: Readonly<Record<AccusationCode, number>>;
  /** Hotspots any check suspects. */
  readonly any: number;
}

/** Rates among the honest and, where there is an attack, among the attackers. */
export interface WorldRates {
  readonly honest: Rates;
  readonly attackers: Rates;
}

/** One world, with or without an attack, judged once at the end of a full window. */
export function rateWorld(
  options: RateOptions,
  attack: Attack | undefined,
  numbers: TrustNumbers & Pick<LocationNumbers, 'hearing'>,
): WorldRates {
  const { seed, honest, windowEpochs, share } = options;
  const base = createWorld(seed, { honest, settledEpochs: 0, epochs: 4 * windowEpochs });
  const quiet = Array.from({ length: windowEpochs }, (_, epoch) => runHonestEpoch(base, epoch));
  const attackers = new Set<string>();
  const epochs = attack ? attacked(attack) : quiet;
  const cells: CellCache = new Map<bigint, CellCentre>();
  const evidence = windowEvidence(epochs);
  return rate(evidence, (key) => attackers.has(key.join()), numbers, cells);

  function attacked(by: Attack): EpochOnAir[] {
    const world = { ...base, pathLoss: base.pathLoss.extend(base.population.antennas) };
    const count = Math.max(1, Math.round((share * honest) / (1 - share)));
    const gang = by.recruit(new Recruiter({ count, epoch: 0 }, world, createRandom(`${seed}/${by.name}`)));
    const hotspots = [...gang.turned, ...gang.joined];
    for (const { key } of hotspots) attackers.add(key.join());
    return quiet.map((epoch) => runAttackedEpoch(world, epoch, { hotspots, conduct: gang.conduct }, by.name));
  }
}

function rate(
  evidence: NetworkEvidence,
  isAttacker: (key: Uint8Array) => boolean,
  numbers: TrustNumbers & Pick<LocationNumbers, 'hearing'>,
  cells: CellCache,
): WorldRates {
  const trust = computeTrust(evidence, numbers);
  const found = findCollusion(evidence, trust, numbers, { cells, hearing: new HearingCurve(numbers) });
  const of = (attackers: boolean): Rates => {
    const members = evidence.radios.flatMap(({ key }, i) => (isAttacker(key) === attackers ? [i] : []));
    const among = (codes: readonly AccusationCode[]): number => {
      const named = new Set(found.filter(({ code }) => codes.includes(code)).flatMap(({ radios }) => radios));
      return members.filter((radio) => named.has(radio)).length;
    };
    const suspected = Object.fromEntries(ACCUSATION_CODES.map((code) => [code, among([code])]));
    return {
      hotspots: members.length,
      trust: members.map((radio) => trust[radio] ?? 0),
      suspected: suspected as Record<AccusationCode, number>,
      any: among(ACCUSATION_CODES),
    };
  };
  return { honest: of(false), attackers: of(true) };
}
