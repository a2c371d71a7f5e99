import { bytesToHex, REGION_MAP_ID, REGION_PLANS, SURVEY_SPREADING_FACTORS } from '@sextant/firmware-bridge/protocol';
import { parameter } from './parameter.ts';
import { lateEpochsOf, PRODUCTION_TIMING, type TimingProfile } from './timing.ts';

const OURS = 'our choice';
const BRNO = 'Stusek et al., IEEE Access 8 (2020) 154625, 6,670 receptions in Brno';

/** Looked up by a number that may not be in it. */
function byNumber(table: Record<string, number>): Readonly<Record<number, number>> {
  return table;
}

const timing = (profile: TimingProfile) => ({
  slotMs: parameter(profile.slotMs, 'ms', `${OURS}: 360 slots in 6 h keep beacons apart`),
  roundMs: parameter(profile.roundMs, 'ms', 'Helium gateway-rs src/beaconer.rs: one beacon in 6 h'),
  epochMs: parameter(profile.epochMs, 'ms', 'Helium reward day: 24 h'),
  clockMarginMs: parameter(profile.clockMarginMs, 'ms', `${OURS}: W; NTP keeps honest clocks within seconds`),
  epochGraceMs: parameter(profile.epochGraceMs, 'ms', `${OURS}: 2W for the last reveals and time to deliver them`),
  lateEpochs: parameter(lateEpochsOf(profile.epochMs), 'epoch', `${OURS}: K; an outbox may be 50 h late`),
  assertionDelayRounds: parameter(2, 'round', `${OURS}: a place is fixed before the entropy it will be judged under`),
});

const assertion = {
  cellResolutions: parameter([8, 9, 10], 'H3 resolution', `${OURS}: the owner chooses between privacy and coverage`),
  minAntennaAglM: parameter(0, 'm', `${OURS}: no antenna is under the ground`),
  maxAntennaAglM: parameter(150, 'm', `${OURS}: taller masts are aviation obstacles (ICAO Annex 14, 4.3.2: 150 m)`),
  minAltitudeM: parameter(-430, 'm', 'shore of the Dead Sea'),
  maxAltitudeM: parameter(5000, 'm', `${OURS}: about the highest inhabited places`),
  minAntennaGainDdbi: parameter(-100, 'ddBi', `${OURS}: an indoor stub behind lossy cable`),
  maxAntennaGainDdbi: parameter(150, 'ddBi', 'Helium chain variable max_antenna_gain = 150'),
};

const survey = {
  cellResolution: parameter(9, 'H3 resolution', `${OURS}: coverage is counted in cells of resolution 9`),
  spreadingFactors: parameter(
    SURVEY_SPREADING_FACTORS,
    'spreading factor',
    `${OURS}: every 30 s within a 1 % duty cycle`,
  ),
  minSatellites: parameter(
    4,
    'count',
    'TTN Mapper, ingress-api data_validator.go: fewer than 4 satellites are refused',
  ),
  maxHdopTenths: parameter(50, 'tenths', 'TTN Mapper, ingress-api data_validator.go: HDOP above 5 is refused'),
  maxIndexGap: parameter(4096, 'count', `${OURS}: 34 h of transmissions nobody got; beyond, anchor the chain anew`),
  maxSpeedDmps: parameter(500, 'dm/s', `${OURS}: 180 km/h; a res-9 cell is crossed in 7 s, no aircraft`),
};

const link = {
  minDistanceM: parameter(700, 'm', `${OURS}: hotspots of one site prove nothing about each other`),
  cellRadiiM: parameter(
    byNumber({ '8': 586, '9': 222, '10': 84 }),
    'm by H3 resolution',
    'H3 faceijk.c: a hexagon at the centre of an icosahedron face, 0.381966 / √3 / √7^res × 6,371.007 km, rounded up',
  ),
  horizonMPerRootM: parameter(4120, 'm per √m', 'radio horizon over a 4/3 earth: 4.12 (√h₁ + √h₂) km'),
  horizonAllowancePercent: parameter(20, 'percent', `${OURS}: ducting and knife edges carry further`),
  frequencyToleranceHz: parameter(100_000, 'Hz', 'Helium oracles-iot ff4b370, iot_verifier/src/poc.rs: 100 kHz'),
  clockToleranceMs: parameter(2000, 'ms', `${OURS}: NTP over a bad line, and the bridge's own queue`),
  loudAllowanceDdb: parameter(60, 'ddB', `${BRNO}: ESP above free space at 20 dBm on 0.16 % of them`),
  quietAllowanceDdb: parameter(
    50,
    'ddB',
    `${BRNO}, with CampusIoT (SaintEynard, Tour Perret): one of 170,000 is below the datasheet floor − 5 dB`,
  ),
  snrFloorDdb: parameter(
    byNumber({ '7': -75, '8': -100, '9': -125, '10': -150, '11': -175, '12': -200 }),
    'ddB by spreading factor',
    'Semtech SX1276 datasheet rev. 7, table 13',
  ),
  noiseFloorDdbm: parameter(
    -1300,
    'ddBm',
    'thermal −123 dBm at 125 kHz (kTB, 290 K) less 7 dB for a wrong RSSI offset',
  ),
  noiseBandwidthDdb: parameter(
    byNumber({ '125000': 0, '250000': 30, '500000': 60 }),
    'ddB by bandwidth in Hz',
    '10 log10(bandwidth / 125 kHz), rounded down',
  ),
  paidWitnesses: parameter(14, 'count', 'Helium HIP 15'),
};

const coverage = {
  cellResolution: parameter(9, 'H3 resolution', `${OURS}: about 400 m across, what a survey car resolves`),
  referenceEirpDdbm: parameter(140, 'ddBm', 'LoRaWAN Regional Parameters: a device of 14 dBm'),
  notCoveredTransmissions: parameter(3, 'count', `${OURS}: two may be lost to interference`),
};

const admission = {
  maxCreatedAheadMs: parameter(600_000, 'ms', `${OURS}: clocks of gateways before their first NTP answer`),
  maxReportsPerBatch: parameter(256, 'count', `${OURS}: a batch fits a log entry`),
  maxEntryBytes: parameter(65_535, 'bytes', 'C2SP tlog-tiles: the length of a bundle entry has 16 bits'),
  batchesPerMinute: parameter(120, 'count', `${OURS}: twice what a hotspot in a dense city sends`),
  batchBurst: parameter(240, 'count', `${OURS}: two minutes' worth after a reconnect`),
};

/** Occupied-neighbour limits: [resolution, N, target, maximum]. */
const DENSITY: readonly (readonly [number, number, number, number])[] = [
  [4, 2, 500, 1000],
  [5, 4, 100, 200],
  [6, 4, 25, 50],
  [7, 4, 5, 10],
  [8, 2, 1, 1],
  [9, 2, 1, 1],
];

const rewards = (profile: TimingProfile) => ({
  emissionPerDay: parameter(
    200_000n * 10n ** 18n,
    'base units (10^-18 token) a day',
    `${OURS}: an epoch of another length gets its part`,
  ),
  halvingDays: parameter(730, 'day', `${OURS}: two years, as Helium`),
  validatorPercent: parameter(7, 'percent', 'Helium: oracles 7 %'),
  beaconerPercent: parameter(18, 'percent', OURS),
  witnessPercent: parameter(50, 'percent', OURS),
  surveyPercent: parameter(25, 'percent', `${OURS}: nobody else pays for measured streets`),
  usefulWitnesses: parameter(4, 'count', 'Helium HIP 15'),
  redundancyPercent: parameter(80, 'percent', 'Helium HIP 15: r = 0.8'),
  density: parameter(
    DENSITY.map(([resolution, neighbours, target, maximum]) => ({ resolution, neighbours, target, maximum })),
    'hotspots by H3 resolution',
    'Helium HIP 17 and HIP 104',
  ),
  insufficientPercent: parameter(50, 'percent', `${OURS}: what a new place earns, held until it is proven`),
  insufficientEpochs: parameter(
    profile.epochMs >= PRODUCTION_TIMING.epochMs ? 7 : 10,
    'epoch',
    `${OURS}: a week; ten epochs where they are shorter than a day`,
  ),
  freeMoveM: parameter(1000, 'm', `${OURS}: correcting a place costs nothing`),
  movedUnpaidDays: parameter(7, 'day', OURS),
  newCellWeight: parameter(10, 'count', `${OURS}: shares of a surveyed cell that was not covered lately`),
  knownCellWeight: parameter(1, 'count', `${OURS}: shares of a surveyed cell that was`),
  freshCoverageDays: parameter(1, 'day', `${OURS}: how long a covered cell is not new`),
});

const epoch = {
  chainHashes: parameter(
    262_144,
    'count',
    `${OURS}: hashes spent on wrong links of one sender before the rest is refused unread`,
  ),
  statements: parameter(64, 'count', `${OURS}: location assertions or chain anchors of one key in one epoch`),
  successors: parameter(16, 'count', `${OURS}: of one key in one epoch; each costs two signature checks`),
  partitionResolution: parameter(3, 'H3 resolution', `${OURS}: about 110 km across, more than nearly all links`),
  carriedReports: parameter(
    2048,
    'count',
    `${OURS}: witness reports of one key that may wait for the next epoch's reveals`,
  ),
};

const regions = {
  plans: parameter(REGION_PLANS, 'channel plan by name', 'the notes of each plan in region-plans.ts'),
  mapId: parameter(
    bytesToHex(REGION_MAP_ID),
    'SHA-256',
    'which plans may be used where: the lists in region-map/country-plans.ts',
  ),
};

/** Every number of rule set 1 with its unit and source. */
export function parameters1(profile: TimingProfile) {
  return {
    timing: timing(profile),
    assertion,
    survey,
    link,
    coverage,
    epoch,
    admission,
    rewards: rewards(profile),
    regions,
  };
}

export type Parameters1 = ReturnType<typeof parameters1>;
