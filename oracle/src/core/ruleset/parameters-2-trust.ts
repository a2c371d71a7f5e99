import { parameter, type ValuesOf } from './parameter.ts';

const OURS = 'our choice';

const trust = {
  rounds: parameter(10, 'count', 'SybilRank (Cao et al., NSDI 2012): O(log n) rounds; 10 are enough for 1,000 radios'),
  minReceptions: parameter(2, 'count', `${OURS}: in one direction at least; one may be a replay that was not caught`),
  mutualWeight: parameter(4, 'count', `${OURS}: weight of a link both ends have heard the other on`),
  answeredWeight: parameter(
    2,
    'count',
    `${OURS}: of a link on which one end has heard the other that often, and the other has answered once`,
  ),
  oneWayWeight: parameter(
    1,
    'count',
    `${OURS}: of a link whose silent end cannot be heard or cannot listen: its word stands alone`,
  ),
  fullWeight: parameter(16, 'count', `${OURS}: four mutual links, as many as a place needs independent witnesses`),
  lesserWeightMax: parameter(4, 'count', `${OURS}: links that are not mutual count together as one that is`),
  robustAnchors: parameter(
    5,
    'count',
    `${OURS}: of so many anchors one may be corrupt; what they give alone does not count`,
  ),
  fullPercent: parameter(
    25,
    'percent',
    `${OURS}: of what an anchor's neighbours get; an honest radio a few hops away has that much`,
  ),
  trustedFrom: parameter(2500, 'count', `${OURS}: of 10,000; one mutual link into the trusted part at full strength`),
};

const collusion = {
  spreadLinks: parameter(
    15,
    'count',
    'normal residuals of 4.5 dB, the least measured (CampusIoT SaintEynard): below 2 dB by chance once in 1,000',
  ),
  spreadDdb: parameter(
    20,
    'ddB',
    'bench spread of LoRa receivers 1.0–1.5 dB (bonn-rpp-bench); honest links 4.5–9.5 dB',
  ),
  spreadStrongDdbm: parameter(
    -1150,
    'ddBm',
    'SX1276 hears −124.5 dBm at SF7: far links that are heard at all lie close together just above that',
  ),
  reciprocityPairs: parameter(10, 'count', `${OURS}: the spread of one pair's difference is 4.5–7.2 dB`),
  reciprocityDdb: parameter(
    160,
    'ddB',
    'Linka et al., ITG Mobilkommunikation 2018: chipsets tell 4 dB differently; four times that, once in 15,000 by chance',
  ),
  reciprocityErrorsTenths: parameter(
    20,
    'tenths',
    `${OURS}: standard errors that are taken off first: ten pairs say little`,
  ),
  reciprocityPairDdb: parameter(
    50,
    'ddB',
    'two-way 915 MHz links (Juiz de Fora): one pair differs by 4.5–7.2 dB, its fading included',
  ),
  excessByRatesDdb: parameter(
    70,
    'ddB',
    `${OURS}: noise figures of 1.5 … 6 dB (Semtech reference designs) let the rates of an honest one differ by 2 dB`,
  ),
  excessByLevelsDdb: parameter(
    40,
    'ddB',
    'Linka et al., ITG Mobilkommunikation 2018: one standard deviation of what chipsets tell differently',
  ),
  slopeObservations: parameter(60, 'count', `${OURS}: with steps of 3 dB the slope is then known to 0.3`),
  slopeSenders: parameter(5, 'count', `${OURS}: one gateway that ignores its power setting is nobody else's fault`),
  slopeBandPercent: parameter(50, 'percent', `${OURS}: who knows no step reports a slope of 0`),
  slopeSigmasTenths: parameter(45, 'tenths', 'standard errors from 1: once in 150,000 if errors are normal'),
  fadingDdb: parameter(59, 'ddB', 'Stusek et al., IEEE Access 8 (2020) 154625: spread of one link over time'),
  slopeStrongDdbm: parameter(
    -1100,
    'ddBm',
    'SF7 at 125 kHz decodes down to −124.5 dBm: below, only the lucky packets of a low step are seen',
  ),
  twinDistanceM: parameter(2000, 'm', `${OURS}: nearer, two antennas may share a hill, and their shadows`),
  twinLinks: parameter(8, 'count', `${OURS}: radios both have heard, or both were heard by`),
  twinWeakestDdbm: parameter(
    -1330,
    'ddBm',
    'SX1276 at SF10 and 125 kHz hears −132 dBm: what is weaker is heard when luck lifts it, at one level whoever sends',
  ),
  twinStrongDdbm: parameter(
    -1250,
    'ddBm',
    'SX1276 at SF7 and 125 kHz hears −124.5 dBm: above that every level is heard',
  ),
  twinWeakShadowDdb: parameter(
    60,
    'ddB',
    `${OURS}: the same of weaker links: of the deeper shadows one is not heard at all`,
  ),
  twinShadowDdb: parameter(
    100,
    'ddB',
    'Gudmundson 1991, measured in Brno: shadows 2 km apart are independent, so differences spread by 6–14 dB',
  ),
  twinOutlierPercent: parameter(15, 'percent', `${OURS}: ends whose word on one of the two is not to be had`),
  twinMicronats: parameter(12_000_000, 'micronat', `${OURS}: one antenna 160,000 times as likely as two`),
  twinSeedMicronats: parameter(3_000_000, 'micronat', `${OURS}: a pair that may be the beginning of a group`),
  twinJoinMicronats: parameter(4_000_000, 'micronat', `${OURS}: what the next member of a group must bring`),
  twinMemberMicronats: parameter(
    5_000_000,
    'micronat',
    `${OURS}: groups of one more can be chosen in 60 times as many ways, and the likeliest of them is looked at`,
  ),
  lateLinks: parameter(8, 'count', `${OURS}: in each direction; the median then stands though three clocks are wrong`),
  latePercent: parameter(
    50,
    'percent',
    `${OURS}: of its links in each direction, those later than the limits: the median`,
  ),
  lateProvenPercent: parameter(
    75,
    'percent',
    `${OURS}: the same of a proven place: a neighbour of who repeats a city hears more of that than of its own, but some in time`,
  ),
  lateHeardMs: parameter(500, 'ms', `${OURS}: clocks of bridges that measure their offset differ by some 0.1 s`),
  lateBothMs: parameter(400, 'ms', `${OURS}: in both directions together its own clock cancels`),
  lateForwarderMs: parameter(
    1_400,
    'ms',
    `${OURS}: the same of who hears nothing late: an SX1301 forwarder sends a second after it said so`,
  ),
  unheardMembers: parameter(3, 'count', `${OURS}: fewer are a hill`),
  unheardPeers: parameter(4, 'count', `${OURS}: one tall tower hears what its neighbourhood does not`),
  unheardNearestM: parameter(700, 'm', 'links of less say nothing: rule `too_near`'),
  unheardNeighbours: parameter(
    8,
    'count',
    `${OURS}: each would hear it with more than one half: all silent by chance once in 250`,
  ),
  unheardTransmissions: parameter(4, 'count', `${OURS}: a day of them`),
};

const accusation = (isProduction: boolean) => ({
  decayEpochs: parameter(isProduction ? 28 : 40, 'epoch', `${OURS}: four weeks; forty epochs where they are shorter`),
  accusedAfter: parameter(3, 'epoch', `${OURS}: until then a suspicion costs its own epochs' pay and no more`),
  reviewEpochs: parameter(7, 'epoch', `${OURS}: an appeal nobody reviews in time ends with the accusation resting`),
  moveDays: parameter(90, 'day', `${OURS}: small moves add up for this long`),
});

/** What rule set 2 adds about trust, collusion and accusations. */
export function parameters2Trust(isProduction: boolean) {
  return { trust, collusion, accusation: accusation(isProduction) };
}

export type TrustNumbers = ValuesOf<ReturnType<typeof parameters2Trust>>;
