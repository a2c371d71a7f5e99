import {
  ACCUSATION_CODES,
  type Appeal,
  type BeaconReport,
  type ChainAnchor,
  type Ddb,
  type Ddbi,
  type Ddbm,
  GATEWAY_INTERFACES,
  type GatewayInterface,
  type GatewayStatus,
  type Hertz,
  type LocationAssertion,
  type Metres,
  REGION_PLAN_CODES,
  REGISTRY_EVENTS_MAX,
  REGISTRY_PARTS_MAX,
  type RegionPlanName,
  type RegistryEvent,
  type RegistryEvents,
  type Report,
  type ReportBatch,
  type Successor,
  type SurveyReport,
  type Transmission,
  type UnixMs,
  type WitnessReport,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';

/** Arbitrary values of every report type, over the whole range the wire format allows. */

export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const time = fc.integer({ min: 0, max: 2 ** 45 }) as fc.Arbitrary<UnixMs>;
const ordinal = fc.integer({ min: 0, max: 2 ** 40 });
const power = fc.integer({ min: -500, max: 500 }) as fc.Arbitrary<Ddbm>;
const rssi = fc.integer({ min: -2000, max: 500 }) as fc.Arbitrary<Ddbm>;
const frequency = fc.integer({ min: 100_000_000, max: 3_000_000_000 }) as fc.Arbitrary<Hertz>;
const bandwidth = fc.constantFrom(125_000, 250_000, 500_000) as fc.Arbitrary<Hertz>;
const spreadingFactor = fc.integer({ min: 5, max: 12 });
const cell = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const microseconds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const gpsTime = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const plan = fc.constantFrom(...(Object.keys(REGION_PLAN_CODES) as RegionPlanName[]));
const gatewayInterface = fc.constantFrom(...(Object.keys(GATEWAY_INTERFACES) as GatewayInterface[]));
const levels = fc
  .uniqueArray(power, { minLength: 1, maxLength: 32 })
  .map((values) => values.toSorted((a, b) => a - b) as readonly Ddbm[]);
const gain = fc.integer({ min: -300, max: 500 }) as fc.Arbitrary<Ddbi>;

const required = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => model;

const transmission = required<Required<Transmission>>({
  phyPayload: fc.uint8Array({ minLength: 1, maxLength: 255 }),
  frequencyHz: frequency,
  spreadingFactor,
  bandwidthHz: bandwidth,
  txPowerRequestedDdbm: power,
  txPowerActualDdbm: power,
  gatewayInterface,
  sentAtMs: time,
  gatewayTimeUs: microseconds,
  gpsTimeNs: gpsTime,
});
const transmissionKeys = [
  'phyPayload',
  'frequencyHz',
  'spreadingFactor',
  'bandwidthHz',
  'txPowerRequestedDdbm',
  'gatewayInterface',
  'sentAtMs',
] as const;

const beacon: fc.Arbitrary<BeaconReport> = fc.record(
  { kind: fc.constant('beacon' as const), round: ordinal, chainLink: bytes(32), ...transmission },
  { requiredKeys: ['kind', 'round', 'chainLink', ...transmissionKeys] },
);

const survey: fc.Arbitrary<SurveyReport> = fc.record(
  {
    kind: fc.constant('survey' as const),
    index: ordinal,
    chainLink: bytes(32),
    round: ordinal,
    cell,
    satellites: fc.nat(255),
    hdopTenths: fc.nat(1000),
    speedDmps: fc.nat(10_000),
    ...transmission,
  },
  {
    requiredKeys: [
      'kind',
      'index',
      'chainLink',
      'round',
      'cell',
      'satellites',
      'hdopTenths',
      'speedDmps',
      ...transmissionKeys,
    ],
  },
);

const witness: fc.Arbitrary<WitnessReport> = fc.record(
  {
    kind: fc.constant('witness' as const),
    beaconTag: bytes(4),
    commitment: bytes(32),
    frequencyHz: frequency,
    spreadingFactor,
    bandwidthHz: bandwidth,
    rssiChannelDdbm: rssi,
    rssiSignalDdbm: rssi,
    snrDdb: fc.integer({ min: -500, max: 500 }) as fc.Arbitrary<Ddb>,
    receivedAtMs: time,
    gatewayTimeUs: microseconds,
    fineTimeNs: fc.nat(999_999_999),
    gpsTimeNs: gpsTime,
    frequencyOffsetHz: fc.integer({ min: -500_000, max: 500_000 }),
    antennaIndex: fc.nat(255),
  },
  {
    requiredKeys: [
      'kind',
      'beaconTag',
      'commitment',
      'frequencyHz',
      'spreadingFactor',
      'bandwidthHz',
      'rssiChannelDdbm',
      'snrDdb',
      'receivedAtMs',
      'gatewayTimeUs',
    ],
  },
);

const radio = { antennaGainDdbi: gain, txPowerLevelsDdbm: levels, regionPlan: plan };

const assertion: fc.Arbitrary<LocationAssertion> = fc
  .record({
    kind: fc.constant('location_assertion' as const),
    number: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    cell,
    antennaAglM: fc.integer({ min: -1000, max: 10_000 }) as fc.Arbitrary<Metres>,
    altitudeMslM: fc.integer({ min: -1000, max: 20_000 }) as fc.Arbitrary<Metres>,
    ...radio,
    canTransmit: fc.boolean(),
    chainAnchor: bytes(32),
    firstRound: ordinal,
  })
  .map(({ chainAnchor, ...rest }) => (rest.canTransmit ? { ...rest, chainAnchor } : rest));

const chainAnchor: fc.Arbitrary<ChainAnchor> = fc.record({
  kind: fc.constant('chain_anchor' as const),
  number: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  chainAnchor: bytes(32),
  firstIndex: ordinal,
  ...radio,
});

const successor: fc.Arbitrary<Successor> = fc.record({
  kind: fc.constant('successor' as const),
  newKey: bytes(32),
  ownerSignature: bytes(65),
  newKeySignature: bytes(64),
});

const status: fc.Arbitrary<GatewayStatus> = fc.record(
  {
    kind: fc.constant('gateway_status' as const),
    framesReceived: fc.nat(),
    framesSent: fc.nat(),
    gatewaySoftware: fc.string({ maxLength: 16 }),
    temperatureDc: fc.integer({ min: -2000, max: 2000 }),
    gpsLock: fc.boolean(),
    clockOffsetMs: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  },
  { requiredKeys: ['kind', 'framesReceived', 'framesSent', 'gatewaySoftware', 'gpsLock'] },
);

const appeal: fc.Arbitrary<Appeal> = fc.record(
  {
    kind: fc.constant('appeal' as const),
    accusation: fc.constantFrom(...ACCUSATION_CODES),
    epoch: ordinal,
    statementHash: bytes(32),
    ownerSignature: bytes(65),
  },
  { requiredKeys: ['kind', 'accusation', 'epoch', 'ownerSignature'] },
);

export const report: fc.Arbitrary<Report> = fc.oneof(
  beacon,
  survey,
  witness,
  assertion,
  chainAnchor,
  successor,
  status,
  appeal,
);

export const reportBatch: fc.Arbitrary<ReportBatch> = fc.record({
  hotspot: bytes(32),
  incarnation: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  sequence: ordinal,
  createdAtMs: time,
  reports: fc.array(report, { minLength: 1, maxLength: 8 }),
});

const registryEvent: fc.Arbitrary<RegistryEvent> = fc
  .tuple(
    fc.record({ block: fc.integer({ min: 1_000, max: 1_020 }), logIndex: fc.nat(1_000) }),
    fc.oneof(
      fc.record({
        event: fc.constant('registered' as const),
        key: bytes(32),
        owner: bytes(20),
        possession: bytes(64),
      }),
      fc.record({ event: fc.constant('transferred' as const), key: bytes(32), from: bytes(20), to: bytes(20) }),
      fc.record({ event: fc.constant('frozen' as const), key: bytes(32), owner: bytes(20), frozen: fc.boolean() }),
      fc.record({ event: fc.constant('released' as const), key: bytes(32), owner: bytes(20) }),
      fc.record({ event: fc.constant('payout_changed' as const), owner: bytes(20), payout: bytes(20) }),
    ),
  )
  .map(([placed, event]) => ({ ...placed, ...event }));

/** Up to as many events as a record holds, in the order of the chain. */
export const registryEvents: fc.Arbitrary<RegistryEvents> = fc
  .record({
    kind: fc.constant('registry_events' as const),
    chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    registry: bytes(20),
    fromBlock: fc.nat(1_000),
    referenceBlock: fc.integer({ min: 1_020, max: 2 ** 40 }),
    referenceHash: bytes(32),
    parts: fc.integer({ min: 1, max: REGISTRY_PARTS_MAX }),
    events: fc.uniqueArray(registryEvent, {
      maxLength: REGISTRY_EVENTS_MAX,
      selector: ({ block, logIndex }) => `${block}/${logIndex}`,
    }),
  })
  .chain((record) =>
    fc.integer({ min: 0, max: record.parts - 1 }).map((part) => ({
      ...record,
      part,
      events: record.events.toSorted((a, b) => a.block - b.block || a.logIndex - b.logIndex),
    })),
  );
