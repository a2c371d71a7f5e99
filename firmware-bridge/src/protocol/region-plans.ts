import type { RegionPlanName } from './reports.ts';
import { timeOnAirUs } from './time-on-air.ts';
import { type Ddbm, ddbm, type Hertz, hertz } from './units.ts';

/**
 * The regional channel plans beacons are sent under: numbers only, so that a rule set can be hashed over them. Words for
 * people are in region-plan-texts.ts. This is not legal advice: who owns a transmitter answers for it.
 *
 * Beacons use the *uplink* channels, because that is what the neighbours' gateways listen on.
 *
 * Sources, by the marks used below:
 * - [TTN] TheThingsNetwork/lorawan-frequency-plans, the YAML file of the plan at commit 041ab05.
 * - [ETSI] ETSI EN 300 220-2 Annex B, as coded in chirpstack-concentratord 0904a8d, regulation/standard/etsi_en_300_220.rs.
 * - [LMN] Lora-net/LoRaMac-node dcbcfb3, src/mac/region/Region*.h and .c.
 * - [RP] LoRa Alliance, RP002-1.0.5 LoRaWAN Regional Parameters.
 * - [FCC] 47 CFR 15.247.
 */
export interface RegionPlan {
  readonly name: RegionPlanName;
  /** False where the law wants listen-before-talk, which a gateway behind our interfaces does not promise. */
  readonly beaconingAllowed: boolean;
  /** What the gateway's own transmit range must include, both ends inclusive. */
  readonly transmitRangeHz: FrequencyRange;
  /** Ascending: the order a beacon's derived channel index counts in. */
  readonly beaconChannelsHz: readonly Hertz[];
  readonly beaconBandwidthHz: Hertz;
  readonly minSpreadingFactor: number;
  readonly maxSpreadingFactor: number;
  /** Antenna gain included. */
  readonly maxEirpDdbm: Ddbm;
  /** Empty: the plan limits no duty cycle. Otherwise a frequency in none of them may not be used at all. */
  readonly dutyCycleBands: readonly DutyCycleBand[];
  readonly dwell?: DwellLimit;
}

export interface FrequencyRange {
  readonly lowerHz: Hertz;
  readonly upperHz: Hertz;
}

/** At most `permille` of any sliding hour on the air within the range [lower, upper). */
export interface DutyCycleBand extends FrequencyRange {
  readonly permille: number;
}

/** The window every duty cycle here is counted in. [ETSI] §4.3.3: one hour. */
export const DUTY_CYCLE_WINDOW_MS = 3_600_000;

export interface DwellLimit {
  /** Longest single transmission, microseconds. */
  readonly maxUs: number;
  /** When present, `maxUs` also limits the sum on one channel in any window this long. */
  readonly windowMs?: number;
}

const KHZ_125 = hertz(125_000);
const DWELL_400_MS: DwellLimit = { maxUs: 400_000 };

function range(lowerHz: number, upperHz: number): FrequencyRange {
  return { lowerHz: hertz(lowerHz), upperHz: hertz(upperHz) };
}

function band(lowerHz: number, upperHz: number, permille: number): DutyCycleBand {
  return { ...range(lowerHz, upperHz), permille };
}

function channels(...frequenciesHz: number[]): Hertz[] {
  return frequenciesHz.map(hertz).sort((a, b) => a - b);
}

function evenlySpaced(firstHz: number, stepHz: number, count: number): Hertz[] {
  return Array.from({ length: count }, (_, i) => hertz(firstHz + i * stepHz));
}

/** AS923 groups differ by an offset from group 1 only ([LMN] RegionAS923.h, AS923_FREQ_OFFSET). */
function as923(name: RegionPlanName, offsetHz: number): RegionPlan {
  return {
    name,
    beaconingAllowed: true,
    // [TTN] AS_923.yml, radios.tx.
    transmitRangeHz: range(915_000_000, 928_000_000),
    // The two channels every gateway of the group has ([TTN] AS_923*.yml; [LMN] AS923_LC1, LC2); others vary by network.
    beaconChannelsHz: channels(923_200_000 + offsetHz, 923_400_000 + offsetHz),
    beaconBandwidthHz: KHZ_125,
    minSpreadingFactor: 7,
    // [LMN] AS923_DWELL_LIMIT_DATARATE DR2.
    maxSpreadingFactor: 10,
    // [LMN] AS923_DEFAULT_MAX_EIRP.
    maxEirpDdbm: ddbm(160),
    // [LMN] AS923_BAND0: 1 %.
    dutyCycleBands: [band(915_000_000, 928_000_000, 10)],
    // [LMN] AS923_DEFAULT_UPLINK_DWELL_TIME 1: 400 ms.
    dwell: DWELL_400_MS,
  };
}

const EU868: RegionPlan = {
  name: 'EU868',
  beaconingAllowed: true,
  // [ETSI] the bands below.
  transmitRangeHz: range(863_000_000, 870_000_000),
  // [TTN] EU_863_870.yml.
  beaconChannelsHz: [...evenlySpaced(867_100_000, 200_000, 5), ...evenlySpaced(868_100_000, 200_000, 3)],
  beaconBandwidthHz: KHZ_125,
  // [LMN] RegionEU868.h, DR0…DR5.
  minSpreadingFactor: 7,
  maxSpreadingFactor: 12,
  // [LMN] EU868_DEFAULT_MAX_EIRP; [ETSI] 14 dBm ERP = 16.15 dBm EIRP.
  maxEirpDdbm: ddbm(160),
  // [ETSI] bands K, L, M, N, P, Q. Between them nothing may be sent.
  dutyCycleBands: [
    band(863_000_000, 865_000_000, 1),
    band(865_000_000, 868_000_000, 10),
    band(868_000_000, 868_600_000, 10),
    band(868_700_000, 869_200_000, 1),
    band(869_400_000, 869_650_000, 100),
    band(869_700_000, 870_000_000, 10),
  ],
};

const US915_FSB2: RegionPlan = {
  name: 'US915_FSB2',
  beaconingAllowed: true,
  // [FCC] (a).
  transmitRangeHz: range(902_000_000, 928_000_000),
  // [TTN] US_902_928_FSB_2.yml.
  beaconChannelsHz: evenlySpaced(903_900_000, 200_000, 8),
  beaconBandwidthHz: KHZ_125,
  // [LMN] RegionUS915.h, DR0…DR3.
  minSpreadingFactor: 7,
  maxSpreadingFactor: 10,
  // Not 30: fewer than 50 channels hop. [LMN] RegionUS915.c, LimitTxPower.
  maxEirpDdbm: ddbm(210),
  dutyCycleBands: [],
  // [FCC] (a)(1)(i): 0.4 s on a frequency within 20 s.
  dwell: { maxUs: 400_000, windowMs: 20_000 },
};

const AU915_FSB2: RegionPlan = {
  name: 'AU915_FSB2',
  beaconingAllowed: true,
  // [TTN] AU_915_928_FSB_2.yml, radios.tx.
  transmitRangeHz: range(915_000_000, 928_000_000),
  // [TTN] AU_915_928_FSB_2.yml.
  beaconChannelsHz: evenlySpaced(916_800_000, 200_000, 8),
  beaconBandwidthHz: KHZ_125,
  minSpreadingFactor: 7,
  // [RP] DR2…DR5 under the dwell limit.
  maxSpreadingFactor: 10,
  // [LMN] AU915_DEFAULT_MAX_EIRP.
  maxEirpDdbm: ddbm(300),
  dutyCycleBands: [],
  // [RP] UplinkDwellTime; some countries have none, the plan keeps it everywhere.
  dwell: DWELL_400_MS,
};

const IN865: RegionPlan = {
  name: 'IN865',
  beaconingAllowed: true,
  // [LMN] RegionIN865.c, VerifyRfFreq.
  transmitRangeHz: range(865_000_000, 867_000_000),
  // The three every gateway has ([LMN] IN865_LC1…LC3, and all that sx1302_hal's stock configuration listens on).
  beaconChannelsHz: channels(865_062_500, 865_402_500, 865_985_000),
  beaconBandwidthHz: KHZ_125,
  // [LMN] RegionIN865.h, DR0…DR5.
  minSpreadingFactor: 7,
  maxSpreadingFactor: 12,
  // [RP] p. 91: lowered from 30.
  maxEirpDdbm: ddbm(292),
  dutyCycleBands: [],
};

const KR920: RegionPlan = {
  name: 'KR920',
  beaconingAllowed: false,
  // [LMN] RegionKR920.c, VerifyRfFreq.
  transmitRangeHz: range(920_900_000, 923_300_000),
  // [TTN] KR_920_923_TTN.yml.
  beaconChannelsHz: evenlySpaced(922_100_000, 200_000, 7),
  beaconBandwidthHz: KHZ_125,
  // [LMN] RegionKR920.h, DR0…DR5.
  minSpreadingFactor: 7,
  maxSpreadingFactor: 12,
  // [LMN] KR920_DEFAULT_MAX_EIRP_HIGH, from 922.1 MHz.
  maxEirpDdbm: ddbm(140),
  dutyCycleBands: [],
};

const RU864: RegionPlan = {
  name: 'RU864',
  beaconingAllowed: true,
  // [LMN] RegionRU864.c, VerifyRfFreq.
  transmitRangeHz: range(864_000_000, 870_000_000),
  // [LMN] RU864_LC1, LC2.
  beaconChannelsHz: channels(868_900_000, 869_100_000),
  beaconBandwidthHz: KHZ_125,
  // [LMN] RegionRU864.h, DR0…DR5.
  minSpreadingFactor: 7,
  maxSpreadingFactor: 12,
  // [LMN] RU864_DEFAULT_MAX_EIRP.
  maxEirpDdbm: ddbm(160),
  // [LMN] RU864_BAND0: 1 %.
  dutyCycleBands: [band(864_000_000, 870_000_000, 10)],
};

const CN470: RegionPlan = {
  name: 'CN470',
  beaconingAllowed: false,
  // [TTN] CN_470_510_FSB_11.yml, radios.tx.
  transmitRangeHz: range(470_000_000, 510_000_000),
  // [TTN] CN_470_510_FSB_11.yml, the sub-band public gateways use.
  beaconChannelsHz: evenlySpaced(486_300_000, 200_000, 8),
  beaconBandwidthHz: KHZ_125,
  // [LMN] RegionCN470.h, DR0…DR5.
  minSpreadingFactor: 7,
  maxSpreadingFactor: 12,
  // [LMN] CN470_DEFAULT_MAX_EIRP 19.15.
  maxEirpDdbm: ddbm(191),
  dutyCycleBands: [],
};

const EU433: RegionPlan = {
  name: 'EU433',
  beaconingAllowed: true,
  // [LMN] RegionEU433.c, VerifyRfFreq.
  transmitRangeHz: range(433_050_000, 434_790_000),
  // [LMN] EU433_LC1…LC3.
  beaconChannelsHz: channels(433_175_000, 433_375_000, 433_575_000),
  beaconBandwidthHz: KHZ_125,
  // [LMN] RegionEU433.h, DR0…DR5.
  minSpreadingFactor: 7,
  maxSpreadingFactor: 12,
  // [LMN] EU433_DEFAULT_MAX_EIRP 12.15.
  maxEirpDdbm: ddbm(121),
  // CEPT ERC/REC 70-03 Annex 1, 433.05–434.79 MHz: 10 mW ERP, 10 %.
  dutyCycleBands: [band(433_050_000, 434_790_000, 100)],
};

const PLANS: Readonly<Record<RegionPlanName, RegionPlan>> = {
  EU868,
  US915_FSB2,
  AU915_FSB2,
  AS923_1: as923('AS923_1', 0),
  AS923_2: as923('AS923_2', -1_800_000),
  AS923_3: as923('AS923_3', -6_600_000),
  AS923_4: as923('AS923_4', -5_900_000),
  IN865,
  KR920,
  RU864,
  CN470,
  EU433,
};

/** Every plan, deeply frozen. */
export const REGION_PLANS: Readonly<Record<RegionPlanName, RegionPlan>> = deepFreeze(PLANS);

export const REGION_PLAN_NAMES: readonly RegionPlanName[] = Object.freeze(Object.keys(PLANS) as RegionPlanName[]);

/** The plan a person named, or undefined: `Object.hasOwn`, so that no inherited name answers. */
export function findRegionPlan(name: string): RegionPlan | undefined {
  return Object.hasOwn(REGION_PLANS, name) ? REGION_PLANS[name as RegionPlanName] : undefined;
}

/** The duty-cycle band a frequency lies in; undefined = none, which a plan with bands does not allow. */
export function dutyCycleBandAt(plan: RegionPlan, frequencyHz: number): DutyCycleBand | undefined {
  return plan.dutyCycleBands.find((b) => frequencyHz >= b.lowerHz && frequencyHz < b.upperHz);
}

/**
 * Spreading factors, ascending, that a frame of `phyBytes` may use: within the plan's range, its dwell time, and
 * `maxAirtimeUs` (the slot a beacon must fit). Empty when none fits.
 */
export function legalSpreadingFactors(plan: RegionPlan, phyBytes: number, maxAirtimeUs: number): number[] {
  const limitUs = Math.min(maxAirtimeUs, plan.dwell?.maxUs ?? maxAirtimeUs);
  const legal: number[] = [];
  for (let spreadingFactor = plan.minSpreadingFactor; spreadingFactor <= plan.maxSpreadingFactor; spreadingFactor++) {
    const airtimeUs = timeOnAirUs({ phyBytes, spreadingFactor, bandwidthHz: plan.beaconBandwidthHz });
    if (airtimeUs <= limitUs) legal.push(spreadingFactor);
  }
  return legal;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
