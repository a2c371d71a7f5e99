import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { utf8ToBytes } from './bytes.ts';
import { FieldError } from './decode-failure.ts';
import {
  accusationOf,
  bandwidthOf,
  bytesOf,
  codeName,
  frequencyOf,
  gainOf,
  integerWithin,
  metresOf,
  optional,
  ordinalOf,
  powerLevelsOf,
  powerOf,
  rssiOf,
  safeInteger,
  snrOf,
  spreadingFactorOf,
  unixMsOf,
} from './fields.ts';
import {
  ReportSchema,
  type Appeal as WireAppeal,
  type LocationAssertion as WireAssertion,
  type BeaconReport as WireBeacon,
  type ChainAnchor as WireChainAnchor,
  type Report as WireReport,
  type GatewayStatus as WireStatus,
  type Successor as WireSuccessor,
  type SurveyReport as WireSurvey,
  type WitnessReport as WireWitness,
} from './generated/sextant/v1/report_pb.ts';
import {
  type Appeal,
  type BeaconReport,
  type ChainAnchor,
  GATEWAY_INTERFACES,
  type GatewayStatus,
  type LocationAssertion,
  REGION_PLAN_CODES,
  type Report,
  type Successor,
  type SurveyReport,
  type Transmission,
  type WitnessReport,
} from './reports.ts';
import { REASONS } from './verdict.ts';

const PHY_MAX_BYTES = 255;
const SOFTWARE_MAX_BYTES = 64;

/** Wire → domain, every field checked. Throws FieldError (see `decoding`). */
export function reportFromWire(wire: WireReport, path: string): Report {
  const { kind } = wire;
  switch (kind.case) {
    case 'beacon':
      return beaconFromWire(kind.value, `${path}.beacon`);
    case 'witness':
      return witnessFromWire(kind.value, `${path}.witness`);
    case 'locationAssertion':
      return assertionFromWire(kind.value, `${path}.location_assertion`);
    case 'survey':
      return surveyFromWire(kind.value, `${path}.survey`);
    case 'successor':
      return successorFromWire(kind.value, `${path}.successor`);
    case 'gatewayStatus':
      return statusFromWire(kind.value, `${path}.gateway_status`);
    case 'chainAnchor':
      return chainAnchorFromWire(kind.value, `${path}.chain_anchor`);
    case 'appeal':
      return appealFromWire(kind.value, `${path}.appeal`);
    case undefined:
      throw new FieldError('missing_field', path);
  }
}

function transmissionFromWire(wire: WireBeacon | WireSurvey, path: string): Transmission {
  if (wire.phyPayload.length === 0) throw new FieldError('missing_field', `${path}.phy_payload`);
  if (wire.phyPayload.length > PHY_MAX_BYTES) throw new FieldError('bad_length', `${path}.phy_payload`);
  return {
    phyPayload: wire.phyPayload,
    frequencyHz: frequencyOf(wire.frequencyHz, `${path}.frequency_hz`),
    spreadingFactor: spreadingFactorOf(wire.spreadingFactor, `${path}.spreading_factor`),
    bandwidthHz: bandwidthOf(wire.bandwidthHz, `${path}.bandwidth_hz`),
    txPowerRequestedDdbm: powerOf(wire.txPowerRequestedDdbm, `${path}.tx_power_requested_ddbm`),
    ...optional('txPowerActualDdbm', wire.txPowerActualDdbm, (v) => powerOf(v, `${path}.tx_power_actual_ddbm`)),
    gatewayInterface: codeName(GATEWAY_INTERFACES, wire.gatewayInterface, `${path}.gateway_interface`),
    sentAtMs: unixMsOf(wire.sentAtMs, `${path}.sent_at_ms`),
    ...optional('gatewayTimeUs', wire.gatewayTimeUs, (v) => safeInteger(v, `${path}.gateway_time_us`)),
    ...optional('gpsTimeNs', wire.gpsTimeNs, (v) => v),
  };
}

function beaconFromWire(wire: WireBeacon, path: string): BeaconReport {
  return {
    kind: 'beacon',
    round: ordinalOf(wire.round, `${path}.round`),
    chainLink: bytesOf(wire.chainLink, 32, `${path}.chain_link`),
    ...transmissionFromWire(wire, path),
  };
}

function surveyFromWire(wire: WireSurvey, path: string): SurveyReport {
  return {
    kind: 'survey',
    index: ordinalOf(wire.index, `${path}.index`),
    chainLink: bytesOf(wire.chainLink, 32, `${path}.chain_link`),
    round: ordinalOf(wire.round, `${path}.round`),
    cell: wire.cell,
    satellites: integerWithin(wire.satellites, 0, 255, `${path}.satellites`),
    hdopTenths: integerWithin(wire.hdopTenths, 0, 1000, `${path}.hdop_tenths`),
    speedDmps: integerWithin(wire.speedDmps, 0, 10_000, `${path}.speed_dmps`),
    ...transmissionFromWire(wire, path),
  };
}

function witnessFromWire(wire: WireWitness, path: string): WitnessReport {
  if (wire.rssiChannelDdbm === undefined && wire.rssiSignalDdbm === undefined) {
    throw new FieldError('missing_field', `${path}.rssi_channel_ddbm`);
  }
  return {
    kind: 'witness',
    beaconTag: bytesOf(wire.beaconTag, 4, `${path}.beacon_tag`),
    commitment: bytesOf(wire.commitment, 32, `${path}.commitment`),
    frequencyHz: frequencyOf(wire.frequencyHz, `${path}.frequency_hz`),
    spreadingFactor: spreadingFactorOf(wire.spreadingFactor, `${path}.spreading_factor`),
    bandwidthHz: bandwidthOf(wire.bandwidthHz, `${path}.bandwidth_hz`),
    ...optional('rssiChannelDdbm', wire.rssiChannelDdbm, (v) => rssiOf(v, `${path}.rssi_channel_ddbm`)),
    ...optional('rssiSignalDdbm', wire.rssiSignalDdbm, (v) => rssiOf(v, `${path}.rssi_signal_ddbm`)),
    snrDdb: snrOf(wire.snrDdb, `${path}.snr_ddb`),
    receivedAtMs: unixMsOf(wire.receivedAtMs, `${path}.received_at_ms`),
    gatewayTimeUs: safeInteger(wire.gatewayTimeUs, `${path}.gateway_time_us`),
    ...optional('fineTimeNs', wire.fineTimeNs, (v) => integerWithin(v, 0, 999_999_999, `${path}.fine_time_ns`)),
    ...optional('gpsTimeNs', wire.gpsTimeNs, (v) => v),
    ...optional('frequencyOffsetHz', wire.frequencyOffsetHz, (v) =>
      integerWithin(v, -500_000, 500_000, `${path}.frequency_offset_hz`),
    ),
    ...optional('antennaIndex', wire.antennaIndex, (v) => integerWithin(v, 0, 255, `${path}.antenna_index`)),
  };
}

function assertionFromWire(wire: WireAssertion, path: string): LocationAssertion {
  if (!wire.canTransmit && wire.chainAnchor.length > 0) throw new FieldError('bad_length', `${path}.chain_anchor`);
  return {
    kind: 'location_assertion',
    number: integerWithin(wire.number, 1, 0xffff_ffff, `${path}.number`),
    cell: wire.cell,
    antennaAglM: metresOf(wire.antennaAglM, -1000, 10_000, `${path}.antenna_agl_m`),
    altitudeMslM: metresOf(wire.altitudeMslM, -1000, 20_000, `${path}.altitude_msl_m`),
    antennaGainDdbi: gainOf(wire.antennaGainDdbi, `${path}.antenna_gain_ddbi`),
    txPowerLevelsDdbm: powerLevelsOf(wire.txPowerLevelsDdbm, wire.canTransmit, `${path}.tx_power_levels_ddbm`),
    regionPlan: codeName(REGION_PLAN_CODES, wire.regionPlan, `${path}.region_plan`),
    canTransmit: wire.canTransmit,
    ...(wire.canTransmit ? { chainAnchor: bytesOf(wire.chainAnchor, 32, `${path}.chain_anchor`) } : {}),
    firstRound: ordinalOf(wire.firstRound, `${path}.first_round`),
  };
}

function chainAnchorFromWire(wire: WireChainAnchor, path: string): ChainAnchor {
  return {
    kind: 'chain_anchor',
    number: integerWithin(wire.number, 1, 0xffff_ffff, `${path}.number`),
    chainAnchor: bytesOf(wire.chainAnchor, 32, `${path}.chain_anchor`),
    firstIndex: ordinalOf(wire.firstIndex, `${path}.first_index`),
    txPowerLevelsDdbm: powerLevelsOf(wire.txPowerLevelsDdbm, true, `${path}.tx_power_levels_ddbm`),
    antennaGainDdbi: gainOf(wire.antennaGainDdbi, `${path}.antenna_gain_ddbi`),
    regionPlan: codeName(REGION_PLAN_CODES, wire.regionPlan, `${path}.region_plan`),
  };
}

function successorFromWire(wire: WireSuccessor, path: string): Successor {
  return {
    kind: 'successor',
    newKey: bytesOf(wire.newKey, 32, `${path}.new_key`),
    ownerSignature: bytesOf(wire.ownerSignature, 65, `${path}.owner_signature`),
    newKeySignature: bytesOf(wire.newKeySignature, 64, `${path}.new_key_signature`),
  };
}

function appealFromWire(wire: WireAppeal, path: string): Appeal {
  const hash = wire.statementHash.length === 0 ? undefined : wire.statementHash;
  return {
    kind: 'appeal',
    accusation: accusationOf(wire.accusation, `${path}.accusation`),
    epoch: ordinalOf(wire.epoch, `${path}.epoch`),
    ...optional('statementHash', hash, (v) => bytesOf(v, 32, `${path}.statement_hash`)),
    ownerSignature: bytesOf(wire.ownerSignature, 65, `${path}.owner_signature`),
  };
}

function statusFromWire(wire: WireStatus, path: string): GatewayStatus {
  if (utf8ToBytes(wire.gatewaySoftware).length > SOFTWARE_MAX_BYTES) {
    throw new FieldError('bad_length', `${path}.gateway_software`);
  }
  return {
    kind: 'gateway_status',
    framesReceived: wire.framesReceived,
    framesSent: wire.framesSent,
    gatewaySoftware: wire.gatewaySoftware,
    ...optional('temperatureDc', wire.temperatureDc, (v) => integerWithin(v, -2000, 2000, `${path}.temperature_dc`)),
    gpsLock: wire.gpsLock,
    ...optional('clockOffsetMs', wire.clockOffsetMs, (v) => v),
  };
}

const big = (value: number): bigint => BigInt(value);

function transmissionToWire(report: Transmission) {
  return {
    phyPayload: report.phyPayload,
    frequencyHz: report.frequencyHz,
    spreadingFactor: report.spreadingFactor,
    bandwidthHz: report.bandwidthHz,
    txPowerRequestedDdbm: report.txPowerRequestedDdbm,
    ...optional('txPowerActualDdbm', report.txPowerActualDdbm, (v) => v as number),
    gatewayInterface: GATEWAY_INTERFACES[report.gatewayInterface],
    sentAtMs: big(report.sentAtMs),
    ...optional('gatewayTimeUs', report.gatewayTimeUs, big),
    ...optional('gpsTimeNs', report.gpsTimeNs, (v) => v),
  };
}

/** Domain → wire: the one canonical encoding, from which report ids are computed. */
export function reportToWire(report: Report): WireReport {
  return create(ReportSchema, { kind: wireKind(report) });
}

function wireKind(report: Report): NonNullable<MessageInitShape<typeof ReportSchema>['kind']> {
  switch (report.kind) {
    case 'beacon': {
      const { round, chainLink } = report;
      return { case: 'beacon', value: { round: big(round), chainLink, ...transmissionToWire(report) } };
    }
    case 'survey': {
      const { index, chainLink, round, cell, satellites, hdopTenths, speedDmps } = report;
      const place = { cell, satellites, hdopTenths, speedDmps };
      return {
        case: 'survey',
        value: { index: big(index), chainLink, round: big(round), ...place, ...transmissionToWire(report) },
      };
    }
    case 'witness': {
      const { kind: _, receivedAtMs, gatewayTimeUs, ...rest } = report;
      return {
        case: 'witness',
        value: { ...rest, receivedAtMs: big(receivedAtMs), gatewayTimeUs: big(gatewayTimeUs) },
      };
    }
    case 'location_assertion': {
      const { kind: _, regionPlan, txPowerLevelsDdbm, firstRound, ...rest } = report;
      const radio = { regionPlan: REGION_PLAN_CODES[regionPlan], txPowerLevelsDdbm: [...txPowerLevelsDdbm] };
      return { case: 'locationAssertion', value: { ...rest, ...radio, firstRound: big(firstRound) } };
    }
    case 'chain_anchor': {
      const { kind: _, regionPlan, txPowerLevelsDdbm, firstIndex, ...rest } = report;
      const radio = { regionPlan: REGION_PLAN_CODES[regionPlan], txPowerLevelsDdbm: [...txPowerLevelsDdbm] };
      return { case: 'chainAnchor', value: { ...rest, ...radio, firstIndex: big(firstIndex) } };
    }
    case 'successor': {
      const { kind: _, ...value } = report;
      return { case: 'successor', value };
    }
    case 'appeal': {
      const { accusation, epoch, statementHash, ownerSignature } = report;
      const told = { accusation: REASONS[accusation], epoch: big(epoch), ownerSignature };
      return { case: 'appeal', value: { ...told, ...optional('statementHash', statementHash, (v) => v) } };
    }
    case 'gateway_status': {
      const { kind: _, ...value } = report;
      return { case: 'gatewayStatus', value };
    }
  }
}
