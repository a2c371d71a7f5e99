import { parameter } from './parameter.ts';

const OURS = 'our choice';
const FIT =
  'npm run fit:propagation: Stusek et al., IEEE Access 8 (2020) 154625, 291 test points in Brno, packet by packet';

/** How often beacons of this network are heard over a loss. */
const hearing = {
  middleLossDdb: parameter(1436, 'ddB', `${FIT}: the mean loss over which half of what can be heard is heard`),
  spreadDdb: parameter(93, 'ddB', `${FIT}: fading of 6.4 dB, and 6.7 dB of spreading factors and noise`),
  fadingDdb: parameter(64, 'ddB', `${FIT}: from packet to packet on one link`),
  levelErrorDdb: parameter(30, 'ddB', `${OURS}: what a mean of many levels may be wrong by`),
  bestPercent: parameter(94, 'percent', `${FIT}: the rest is lost however strong, to collisions and interference`),
};

const CAMPAIGNS =
  'published campaigns at 868 MHz, n 1.76 (Oulu, on water) to 3.74 (Brno), 118 to 142 dB at 1 km, σ 4.5 to 13.9 dB';

/** The law of an area, as its proven hotspots hear each other. */
const area = {
  resolution: parameter(
    4,
    'H3 resolution',
    `${OURS}: seven cells of it are some 130 km across: a city and the country about it`,
  ),
  members: parameter(48, 'count', `${OURS}: 1,128 pairs; more say little more of three numbers`),
  fewestPairs: parameter(
    28,
    'count',
    `${OURS}: that hear each other, as of eight hotspots; with fewer the law of Brno holds`,
  ),
  exponentsPercent: parameter([180, 200, 220, 240, 260, 280, 300, 320, 350, 375], 'percent', CAMPAIGNS),
  lossesAtKmDdb: parameter(
    [1180, 1200, 1220, 1240, 1260, 1280, 1300, 1320, 1340, 1360, 1380, 1400, 1420],
    'ddB',
    CAMPAIGNS,
  ),
  sigmasDdb: parameter([60, 70, 80, 90, 100, 110, 120, 140], 'ddB', CAMPAIGNS),
  offsetSigmaDdb: parameter(
    60,
    'ddB',
    `${OURS}: chipsets 4 dB (Linka et al., ITG Mobilkommunikation 2018), antennas and walls`,
  ),
  offsetsDdb: parameter(
    Array.from({ length: 31 }, (_, i) => 20 * i - 300),
    'ddB',
    `${OURS}: from a mountain to a cellar`,
  ),
  ownOffsetsDdb: parameter(
    [-160, -120, -80, -40, 0, 40, 80, 120, 160],
    'ddB',
    `${OURS}: of the hotspot that is judged`,
  ),
  fitTurns: parameter(3, 'count', `${OURS}: law, offsets, law, offsets, law: settled by then`),
  deafPercent: parameter(5, 'percent', `${OURS}: pairs that never hear each other for no reason`),
  linkedOthers: parameter(4, 'count', `${OURS}: proven hotspots it is linked with, or the law of Brno holds`),
  askedOthers: parameter(
    64,
    'count',
    `${OURS}: the most trusted ones it is linked with: bounds the work; fewer see less of claims that are moved a little`,
  ),
  silentOthers: parameter(64, 'count', `${OURS}: the nearest proven ones it has no link with`),
};

/** By what rule set 2 knows how far a loss reaches where hotspots are proven. */
export const parameters2Area = { hearing, area };
