import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { Move, Standing } from '../../location/evidence.ts';
import type { LocationVerdict } from '../../location/judge-location.ts';
import { judgeNetwork } from '../../location/judge-network.ts';
import { type PlacePay, payOf } from '../../location/place-pay.ts';
import type { RuleSet2 } from '../../ruleset/index.ts';
import type { JudgedEpoch } from '../close/judge-epoch.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { Knowledge } from '../known/knowledge.ts';
import type { LinkGeneration, PlaceState } from '../state/place-state.ts';
import { nextWindow } from './link-window.ts';
import { heirsOf, placeRadios } from './place-radios.ts';

/** What an epoch found out about the places of all radios. */
export interface JudgedPlaces {
  /** By key. */
  readonly locations: readonly LocationVerdict[];
  /** By key; grace is as it was before the epoch's pay. */
  readonly places: readonly PlaceState[];
  readonly window: readonly LinkGeneration[];
  /** By the hex of a key. */
  readonly payByKey: ReadonlyMap<string, PlacePay>;
  /** Moves that still count, by the hex of a key. */
  readonly movesByKey: ReadonlyMap<string, readonly Move[]>;
}

/** Judges every place by the window that ends with this epoch. */
export function judgePlaces(
  context: EpochContext,
  ruleSet: RuleSet2,
  found: { readonly facts: EpochFacts; readonly knowledge: Knowledge; readonly judged: JudgedEpoch },
): JudgedPlaces {
  const inputs = { context, ruleSet, ...found };
  const radios = placeRadios(inputs);
  const window = nextWindow({ ...inputs, radios, heirs: heirsOf(inputs) });
  const evidence = {
    epoch: context.epoch,
    radios: radios.map(({ radio }, i) => ({
      ...radio,
      ...(window.activity[i] ?? { transmissions: 0, onlineRounds: 0 }),
    })),
    links: window.links,
    recent: window.recent,
    standings: radios.map(({ standing }) => standing),
  };
  const judgement = judgeNetwork(evidence, ruleSet, context.cells);
  const verdicts = new Map(judgement.locations.map((verdict) => [verdict.radio, verdict]));
  const places = radios.map(({ radio, place }, i): PlaceState => {
    return { key: radio.key, ...(place ? { place } : {}), standing: judgement.standings[i] as Standing };
  });
  const pays = radios.map(({ radio }, i) => {
    const pay = payOf(judgement.standings[i] as Standing, verdicts.get(i), { epoch: context.epoch, numbers: ruleSet });
    return [bytesToHex(radio.key), pay] as const;
  });
  const moves = places.map(({ key, standing }) => [bytesToHex(key), standing.moves ?? []] as const);
  return {
    locations: judgement.locations,
    places,
    window: window.generations,
    payByKey: new Map(pays),
    movesByKey: new Map(moves),
  };
}
