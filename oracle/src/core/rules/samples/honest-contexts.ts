import {
  BEACON_BANDWIDTH_HZ,
  type BeaconParameters,
  type ChainAnchor,
  ddb,
  ddbi,
  ddbm,
  deriveBeaconParameters,
  deriveBeaconSecret,
  encodeBeaconFrame,
  findBeaconChoices,
  firstSlotOfRound,
  hertz,
  type LocationAssertion,
  metres,
  type ParticipantKind,
  previousLink,
  type RadioDeclaration,
  slotStartMs,
  type Timing,
  type Transmission,
  unixMs,
  type WitnessReport,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import { type RuleSet, ruleSet1 } from '../../ruleset/rule-set.ts';
import { PRODUCTION_TIMING } from '../../ruleset/timing.ts';
import type { AssertionContext, BeaconContext, LinkContext, Recorded, SurveyContext } from '../context.ts';
import { judgeTransmission } from '../judge-transmission.ts';

/** Contexts of honest reports, all valid: each test spoils one thing. Brno, EU868, production timing. */

export const NETWORK_ID = 'test';
export const RULE_SET: RuleSet = ruleSet1(PRODUCTION_TIMING);
export const TIMING: Timing = { genesisMs: unixMs(1_700_000_000_000), ...PRODUCTION_TIMING };
export const ROUND = 42;
const SURVEY_INDEX = 7;

/** Resolution 9, 5.0 km apart. */
export const SENDER_CELL = 0x891e069424fffffn;
export const WITNESS_CELL = 0x891e0694e4fffffn;

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
export const SENDER = bytes(32, 1);
export const WITNESS = bytes(32, 2);
const ENTROPY = bytes(32, 3);

/** A chain of three links: position 3 down to the anchor. */
const LINK_3 = bytes(32, 9);
export const LINK_2 = previousLink(LINK_3);
const ANCHOR = previousLink(previousLink(LINK_2));

const radio: RadioDeclaration = {
  antennaGainDdbi: ddbi(30),
  txPowerLevelsDdbm: [ddbm(60), ddbm(80), ddbm(100), ddbm(120)],
  regionPlan: 'EU868',
};

function assertionAt(cell: bigint): LocationAssertion {
  return {
    kind: 'location_assertion',
    number: 1,
    cell,
    antennaAglM: metres(20),
    altitudeMslM: metres(250),
    ...radio,
    canTransmit: true,
    chainAnchor: ANCHOR,
    firstRound: ROUND - 2,
  };
}

function recorded(reporter: Uint8Array, kind: ParticipantKind, lastClosedSlot: number): Recorded {
  return {
    ruleSet: RULE_SET,
    timing: TIMING,
    reportId: bytes(32, reporter[0] ?? 0),
    reporter,
    participant: { kind, owner: bytes(20, reporter[0] ?? 0) },
    batchNameConflict: false,
    cutEpoch: 10,
    lastClosedSlot,
  };
}

function derive(kind: ParticipantKind, roundOrIndex: number): { secret: Uint8Array; parameters: BeaconParameters } {
  const choices = findBeaconChoices({ kind, radio, timing: TIMING });
  if (!choices) throw new Error('the sample radio may not beacon');
  const secret = deriveBeaconSecret({
    networkId: NETWORK_ID,
    ruleSetId: RULE_SET.id,
    entropy: ENTROPY,
    sender: SENDER,
    roundOrIndex,
    chainLink: LINK_3,
  });
  return { secret, parameters: deriveBeaconParameters(secret, choices) };
}

function transmission(secret: Uint8Array, parameters: BeaconParameters, slot: number): Transmission {
  const { frequencyHz, spreadingFactor, txPowerDdbm } = parameters;
  return {
    phyPayload: encodeBeaconFrame(secret),
    frequencyHz,
    spreadingFactor,
    bandwidthHz: BEACON_BANDWIDTH_HZ,
    txPowerRequestedDdbm: txPowerDdbm,
    txPowerActualDdbm: txPowerDdbm,
    gatewayInterface: 'semtech_udp',
    sentAtMs: unixMs(slotStartMs(TIMING, slot) + 1500),
  };
}

const chain = (first: number) => ({ first, known: { position: 0, link: ANCHOR } });

export function beaconContext(): BeaconContext & { readonly assertion: LocationAssertion } {
  const { secret, parameters } = derive('hotspot', ROUND);
  const slot = firstSlotOfRound(TIMING, ROUND) + parameters.slotInRound;
  return {
    ...recorded(SENDER, 'hotspot', slot),
    networkId: NETWORK_ID,
    chain: chain(ROUND - 2),
    entropy: ENTROPY,
    duplicate: false,
    report: { kind: 'beacon', round: ROUND, chainLink: LINK_3, ...transmission(secret, parameters, slot) },
    assertion: assertionAt(SENDER_CELL),
  };
}

export function surveyContext(): SurveyContext & { readonly anchor: ChainAnchor } {
  const { secret, parameters } = derive('survey_device', SURVEY_INDEX);
  const slot = firstSlotOfRound(TIMING, ROUND) + 17;
  return {
    ...recorded(SENDER, 'survey_device', slot),
    networkId: NETWORK_ID,
    chain: chain(SURVEY_INDEX - 2),
    entropy: ENTROPY,
    duplicate: false,
    granted: true,
    anchor: { kind: 'chain_anchor', number: 1, chainAnchor: ANCHOR, firstIndex: SURVEY_INDEX - 2, ...radio },
    report: {
      kind: 'survey',
      index: SURVEY_INDEX,
      chainLink: LINK_3,
      round: ROUND,
      ...transmission(secret, parameters, slot),
      cell: SENDER_CELL,
      satellites: 9,
      hdopTenths: 12,
      speedDmps: 139,
    },
  };
}

/** A witness 5 km away that heard the beacon at −110 dBm channel RSSI and −2 dB SNR. */
export function linkContext(of: BeaconContext | SurveyContext = beaconContext()): LinkContext & {
  readonly transmission: NonNullable<LinkContext['transmission']>;
  readonly assertion: LocationAssertion;
  readonly report: WitnessReport;
} {
  const { verdict, facts } = judgeTransmission(of);
  if (!facts) throw new Error('the sample transmission does not open');
  return {
    ...recorded(WITNESS, 'hotspot', facts.slot - 1),
    conflicting: false,
    transmission: { verdict, facts },
    assertion: assertionAt(WITNESS_CELL),
    report: {
      kind: 'witness',
      beaconTag: facts.tag,
      commitment: witnessCommitment(facts.nonce, WITNESS),
      frequencyHz: hertz(facts.frequencyHz),
      spreadingFactor: facts.spreadingFactor,
      bandwidthHz: facts.bandwidthHz,
      rssiChannelDdbm: ddbm(-1100),
      snrDdb: ddb(-20),
      receivedAtMs: unixMs(facts.sentAtMs + facts.airtimeMs),
      gatewayTimeUs: 123_456,
    },
  };
}

export function assertionContext(): AssertionContext & { readonly report: LocationAssertion } {
  const slot = firstSlotOfRound(TIMING, ROUND);
  return { ...recorded(WITNESS, 'hotspot', slot), report: assertionAt(WITNESS_CELL), numberConflict: false };
}

export function anchorContext(): AssertionContext & { readonly report: ChainAnchor } {
  const slot = firstSlotOfRound(TIMING, ROUND);
  const report = surveyContext().anchor;
  return { ...recorded(SENDER, 'survey_device', slot), report, numberConflict: false };
}
