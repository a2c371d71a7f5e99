import { distanceM, type Place } from '../../simulator/world/place.ts';
import type { Random } from '../../simulator/world/random.ts';
import { createShadowField } from '../../simulator/world/shadow-field.ts';
import type { Antenna } from './radio.ts';

/** Median loss = `lossAt1KmDb` + 10 n log10(km), and shadows that hang together over `decorrelationM`. */
interface Terrain {
  readonly lossAt1KmDb: number;
  readonly exponent: number;
  readonly shadowingDb: number;
  readonly decorrelationM: number;
}

/** How radio spreads in one world. Drawn anew for each: no detector's numbers are in it. */
export interface RadioLaw {
  readonly city: Terrain;
  readonly country: Terrain;
  readonly cityRadiusM: number;
}

/** From packet to packet on one link, standard deviation: measured in Brno (Stusek et al., IEEE Access 8, 2020). */
export const FADING_DB = 5.9;

/**
 * Between the published campaigns at 868 MHz: Petäjäjärvi et al., ITST 2015 (128.95 dB, n 2.32, σ 7.8), Jörke et al.,
 * EuCAP 2017 (132.25, 2.65, 10), Rademacher et al., VTC 2021 (132.48, 1.60, 9.8), a campus in Shenzhen (n 3.07, σ 11.5)
 * for the city; Oulu again, Petäjäjärvi's boat (126.4, 1.76, 8.0) and St Eynard (n 2.27, σ 4.5) for the country. Decorrelation 60 …
 * 400 m: measured in Shenzhen and Brno, form of Gudmundson 1991.
 */
export function drawRadioLaw(cityRadiusM: number, random: Random): RadioLaw {
  return {
    city: {
      lossAt1KmDb: random.between(127, 134),
      exponent: random.between(2.3, 3.1),
      shadowingDb: random.between(7.5, 11.5),
      decorrelationM: random.between(60, 400),
    },
    country: {
      lossAt1KmDb: random.between(123, 130),
      exponent: random.between(1.8, 2.5),
      shadowingDb: random.between(4.5, 8),
      decorrelationM: random.between(200, 400),
    },
    cityRadiusM,
  };
}

/** Loss at 1 km in free space, 868.3 MHz (ITU-R P.525). */
const FREE_SPACE_1KM_DB = 91.22;
/** Mountain to mountain: the 109 km line of sight of CampusIoT lies 4.4 dB below free space, 8.5 at most. */
const LINE_OF_SIGHT_EXCESS_DB = 4.4;
const LINE_OF_SIGHT_SPREAD_DB = 2;
/** Mountain to valley: St Eynard hears the city 24 dB under free space at 4 … 8 km, n 2.27, σ 4.5. */
const HILL_LOSS_1KM_DB = 113;
const HILL_EXPONENT = 2.27;
const HILL_SPREAD_DB = 4.5;

/** Mean loss between two antennas, dB: the same in both directions. Fading comes on top. */
export interface PathLoss {
  between(a: Antenna, b: Antenna): number;
  /** The same ground for other antennas beside those with a number below `antennas`. */
  extend(antennas: number): PathLoss;
}

/** Beyond this nobody hears anybody, whatever the shadows: 31 dBm EIRP, 8 dBi and −145 dBm. */
const HOPELESS_DB = 184;

type Ground = 'city' | 'country';

/** The loss where shadows are of so many standard deviations, by the ground they fall on. */
function lossUnder(law: RadioLaw, a: Antenna, b: Antenna, shadow: (ground: Ground) => number): number {
  const km = Math.max(distanceM(a.place, b.place), 10) / 1000;
  const mountains = Number(a.setting === 'mountain') + Number(b.setting === 'mountain');
  if (mountains > 0) {
    const freeSpace = FREE_SPACE_1KM_DB + 20 * Math.log10(km);
    if (mountains === 2) return freeSpace + LINE_OF_SIGHT_EXCESS_DB + LINE_OF_SIGHT_SPREAD_DB * shadow('country');
    const hill = HILL_LOSS_1KM_DB + 10 * HILL_EXPONENT * Math.log10(km);
    return hill + HILL_SPREAD_DB * shadow('country') + a.clutterDb + b.clutterDb;
  }
  const lossOn = (kind: Ground): number => {
    const median = law[kind].lossAt1KmDb + 10 * law[kind].exponent * Math.log10(km);
    const { shadowingDb } = law[kind];
    return median - 3.5 * shadowingDb > HOPELESS_DB ? median : median + shadowingDb * shadow(kind);
  };
  const cities = Number(isCity(law, a.place)) + Number(isCity(law, b.place));
  const loss =
    cities === 2 ? lossOn('city') : cities === 0 ? lossOn('country') : (lossOn('city') + lossOn('country')) / 2;
  // Nothing is stronger than free space.
  return Math.max(loss + a.clutterDb + b.clutterDb, FREE_SPACE_1KM_DB + 20 * Math.log10(km));
}

const isCity = ({ cityRadiusM }: RadioLaw, { eastM, northM }: Place): boolean =>
  Math.hypot(eastM, northM) < cityRadiusM;

/** What is known of a loss to who knows all but the shadows: its median, and how far they take it from there. dB. */
export function shadowlessLoss(
  law: RadioLaw,
  a: Antenna,
  b: Antenna,
): { readonly medianDb: number; readonly sigmaDb: number } {
  const medianDb = lossUnder(law, a, b, () => 0);
  const byGround = GROUNDS.map((one) => lossUnder(law, a, b, (ground) => (ground === one ? 1 : 0)) - medianDb);
  return { medianDb, sigmaDb: Math.hypot(...byGround) };
}

const GROUNDS: readonly Ground[] = ['city', 'country'];

type Known = (pair: number) => number | undefined;

export function createPathLoss(
  law: RadioLaw,
  random: Random,
  isBase: (index: number) => boolean = () => false,
  base?: Known,
): PathLoss {
  const fields = new Map<number, { city: (at: Place) => number; country: (at: Place) => number }>();
  const known = new Map<number, number>();
  const fieldsOf = (antenna: Antenna) => {
    let own = fields.get(antenna.index);
    if (!own) {
      const stream = random.fork(`shadow/${antenna.index}`);
      own = {
        city: createShadowField(law.city.decorrelationM, stream),
        country: createShadowField(law.country.decorrelationM, stream),
      };
      fields.set(antenna.index, own);
    }
    return own;
  };
  const compute = (a: Antenna, b: Antenna): number => {
    return lossUnder(law, a, b, (kind) => {
      // What moves takes no landscape of its own along: the other end's is enough.
      if (a.moves) return fieldsOf(b)[kind](a.place);
      if (b.moves) return fieldsOf(a)[kind](b.place);
      return (fieldsOf(a)[kind](b.place) + fieldsOf(b)[kind](a.place)) / Math.SQRT2;
    });
  };
  return {
    between(a, b) {
      if (a.moves || b.moves) return compute(a, b);
      const pair = a.index < b.index ? a.index * 65_536 + b.index : b.index * 65_536 + a.index;
      let loss = known.get(pair) ?? (base && isBase(a.index) && isBase(b.index) ? base(pair) : undefined);
      if (loss === undefined) {
        loss = a.index < b.index ? compute(a, b) : compute(b, a);
        known.set(pair, loss);
      }
      return loss;
    },
    extend: (antennas) =>
      createPathLoss(
        law,
        random,
        (index) => index < antennas,
        (pair) => known.get(pair),
      ),
  };
}
