import { parameter } from './parameter.ts';
import { parameters1 } from './parameters-1.ts';
import { parameters2Area } from './parameters-2-area.ts';
import { parameters2Registry } from './parameters-2-registry.ts';
import { parameters2Trust } from './parameters-2-trust.ts';
import { PRODUCTION_TIMING, type TimingProfile } from './timing.ts';

const OURS = 'our choice';
const BRNO = 'Stusek et al., IEEE Access 8 (2020) 154625, 291 test points in Brno';
const FIT = 'npm run fit:propagation: Stusek et al., IEEE Access 8 (2020) 154625, censored fit of 7,857 pairs in Brno';
const EYNARD = 'CampusIoT SaintEynard, 93,463 receptions from a mountain by the city below';
const CHI_SQUARE = 'Wilks: twice the gap is χ² with two degrees of freedom';

/** Two seconds under rule set 1: who is heard later than a link may be late leaves no trace of being late. */
const clockToleranceMs = parameter(
  4000,
  'ms',
  'helium/oracles-iot ff4b370: a witness that arrived 4 s after the beacon was paid; boards without NTP, SX1301 forwarders',
);

const window = {
  generationEpochs: parameter(
    7,
    'epoch',
    `${OURS}: links are summed up over this and the last whole generation, 7 to 14 epochs`,
  ),
};

const propagation = {
  exponentPercent: parameter(390, 'percent', `${FIT}: with an intercept for each receiver, n = 3.90`),
  sigmaDdb: parameter(145, 'ddB', `${FIT}: σ about it`),
  lossAtKmDdb: parameter(1250, 'ddB', `${FIT}: EIRP less signal power at 1 km, of the same`),
  newExponentPercent: parameter(370, 'percent', `${FIT}: with one intercept for all receivers, n = 3.70`),
  newSigmaDdb: parameter(199, 'ddB', `${FIT}: σ about it`),
  newLossAtKmDdb: parameter(1290, 'ddB', `${FIT}: at 1 km, of the same`),
  hillExponentPercent: parameter(227, 'percent', `${EYNARD}: n = 2.27`),
  hillSigmaDdb: parameter(60, 'ddB', `${EYNARD}: σ = 4.5 dB from one mast to many places, and 4 dB of each chipset`),
  hillLossAtKmDdb: parameter(1130, 'ddB', `${EYNARD}: 24 dB below free space at 4 … 8 km, taken back to 1 km`),
  hillRiseM: parameter(
    300,
    'm',
    `${OURS}: above half of those it is linked with; below, houses and trees are in the way`,
  ),
  hearingLossDdb: parameter(
    1510,
    'ddB',
    `${FIT}: from which on 14 dBm are not heard, below −137 dBm: −174 + 10 log10(125 kHz) + 6 dB of noise figure − 20 dB of SF12`,
  ),
  interceptSigmaDdb: parameter(139, 'ddB', `${FIT}: spread of the receivers' intercepts`),
  offsetSigmaDdb: parameter(40, 'ddB', 'Linka et al., ITG Mobilkommunikation 2018: chipsets report different RSSI'),
  outlierPercent: parameter(2, 'percent', `${OURS}: levels that no model explains`),
  outlierSpanDdb: parameter(600, 'ddB', `${OURS}: levels a LoRa receiver can report, −140 to −80 dBm`),
  deafPercent: parameter(21, 'percent', `${FIT}: pairs that never hear each other, however little is lost`),
};

/** From which likelihood gap on a place is in doubt. */
const limits = {
  doubtMicronats: parameter(5_300_000, 'micronat', `${CHI_SQUARE}: 5.3 is 99.5 %`),
  provenDoubtMicronats: parameter(
    9_200_000,
    'micronat',
    `${CHI_SQUARE}: 9.2 is 99.99 %, to doubt a place that was valid`,
  ),
  newcomerDoubtMicronats: parameter(
    3_507_000,
    'micronat',
    `${CHI_SQUARE}: 3.507 is 97 %, to doubt a place nobody has proven yet of who comes among proven ones`,
  ),
  shakenPercent: parameter(
    10,
    'percent',
    `${OURS}: of those about a newcomer, in doubt after having been proven; above, it is judged like those who begin together`,
  ),
};

const location = (isProduction: boolean) => ({
  ...limits,
  regionMicronats: parameter(2_996_000, 'micronat', `${CHI_SQUARE}: 2.996 is 95 %`),
  accusedEpochs: parameter(3, 'epoch', `${OURS}: each with an independent witness that was new since the last`),
  independentWitnesses: parameter(
    40_000,
    'permyriad',
    `${BRNO}: with three or fewer a claim moved 10 km is caught in 28 % or less`,
  ),
  minWitnesses: parameter(4, 'count', `${BRNO}: the same`),
  witnessCellResolution: parameter(8, 'H3 resolution', `${BRNO}: shadows 0.5–1 km apart are correlated by 0.18`),
  witnessesOfDevice: parameter(2, 'count', `${OURS}: one survey device alone proves no place`),
  linksOfDevice: parameter(4, 'count', `${OURS}: what one survey device weighs at most; its places share one antenna`),
  maxOthers: parameter(
    32,
    'count',
    `${OURS}: hotspots, and as many parts of town; the most trusted ones: bounds the work, and accuracy ends at about eight`,
  ),
  linksAtMost: parameter(
    8,
    'count',
    `${BRNO}: from six to eight witnesses on the power does not grow; errors of the model are common to all links`,
  ),
  rareAtMost: parameter(2, 'count', `${OURS}: times its weight that a link heard often gains from those heard rarely`),
  silenceWeight: parameter(3_000, 'permyriad', `${BRNO}: silence adds nothing to the power, so it weighs little`),
  silentReceivers: parameter(4, 'count', `${OURS}: the nearest ones`),
  silenceTransmissions: parameter(4, 'count', `${OURS}: what must have gone unheard`),
  silenceRounds: parameter(4, 'round', `${OURS}: in which the silent one proved to listen`),
  goneExpected: parameter(3, 'count', `${OURS}: receptions; that none comes of so many is once in 20 by chance`),
  goneTimes: parameter(4, 'count', `${OURS}: so many times fewer receptions than before, and a link is gone`),
  lateLinkMs: parameter(500, 'ms', `${OURS}: clocks of bridges that measure their offset differ by some 0.1 s`),
  doubtedWeight: parameter(2_500, 'permyriad', `${OURS}: what is left of a link with a place that is itself in doubt`),
  unprovenWeight: parameter(1_000, 'permyriad', `${OURS}: of a level measured with a place that is not proven itself`),
  interceptLinks: parameter(
    200,
    'count',
    `${BRNO}: fitted from some seventy links intercepts cost power, 28 instead of 64 % of claims moved 10 km`,
  ),
  claimRings: parameter(
    1,
    'count',
    `${OURS}: of cells of resolution 8 around the claim, some 1 km: a true place may be that far from where levels say`,
  ),
  searchRings: parameter(2, 'count', `${OURS}: of cells of resolution 5 around every radio heard: 30 km and more`),
  regionCells: parameter(64, 'count', `${OURS}: the region is told in coarser cells where it has more`),
  watchedEpochs: parameter(
    isProduction ? 3 : 1,
    'epoch',
    `${OURS}: three days in which a place that is new is heard often enough; one epoch where they are shorter`,
  ),
});

const grace = {
  releasePercent: parameter(
    20,
    'percent',
    `${OURS}: of an epoch's emission, for what was held before: the contract lets no epoch mint more than its emission`,
  ),
};

/** Every number of rule set 2 with its unit and source: those of rule set 1, and what judges places. */
export function parameters2(profile: TimingProfile) {
  const isProduction = profile.epochMs >= PRODUCTION_TIMING.epochMs;
  const first = parameters1(profile);
  return {
    ...first,
    link: { ...first.link, clockToleranceMs },
    ...parameters2Trust(isProduction),
    ...parameters2Registry,
    window,
    propagation,
    location: location(isProduction),
    ...parameters2Area,
    grace,
  };
}

export type Parameters2 = ReturnType<typeof parameters2>;
