import {
  BEACON_BANDWIDTH_HZ,
  BEACON_FRAME_BYTES,
  beaconNonce,
  beaconTag,
  type Check,
  ddbm,
  deriveBeaconParameters,
  deriveBeaconSecret,
  findBeaconChoices,
  firstSlotOfRound,
  type LocationAssertion,
  type RadioDeclaration,
  slotAt,
  timeOnAirUs,
} from '@sextant/firmware-bridge/protocol';
import { firstRefusal, type RuleCheck } from './check-result.ts';
import type { TransmissionContext, TransmissionFacts, TransmissionJudgement } from './context.ts';
import { horizonHeightM } from './link/link-inputs.ts';
import { checkBatchName } from './report/batch-name.ts';
import { checkInsideEpoch } from './report/inside-epoch.ts';
import { checkKnownKey } from './report/known-key.ts';
import { checkParticipantKind } from './report/participant-kind.ts';
import { checkSenderAssertion } from './transmission/assertion-in-force.ts';
import { checkBeaconBandwidth } from './transmission/beacon-bandwidth.ts';
import { checkCanTransmit } from './transmission/can-transmit.ts';
import { checkChainAnchor } from './transmission/chain-anchor.ts';
import { checkChainLink, checkChainPosition } from './transmission/chain-link.ts';
import { checkDerivedFrequency } from './transmission/derived-frequency.ts';
import { checkDerivedPowerStep } from './transmission/derived-power-step.ts';
import { checkDerivedSpreadingFactor } from './transmission/derived-spreading-factor.ts';
import { checkFrame } from './transmission/frame.ts';
import { checkGrant } from './transmission/grant.ts';
import { checkHdop } from './transmission/hdop.ts';
import { checkOneARound } from './transmission/one-a-round.ts';
import { checkOneAnIndex } from './transmission/one-an-index.ts';
import { checkPowerWithinAssertion } from './transmission/power-within-assertion.ts';
import { checkPowerWithinPlan } from './transmission/power-within-plan.ts';
import { checkRevealedLateEnough } from './transmission/revealed-late-enough.ts';
import { checkRoundNotVoid } from './transmission/round-not-void.ts';
import { checkSatellites } from './transmission/satellites.ts';
import { checkSlot } from './transmission/slot.ts';
import { checkSpeed } from './transmission/speed.ts';
import { checkSurveyCell } from './transmission/survey-cell.ts';
import { checkSurveyPlan } from './transmission/survey-plan.ts';
import {
  conductedPowerDdbm,
  highestLevelDdbm,
  type OpenedTransmission,
  ordinalOf,
  type TransmissionInputs,
} from './transmission/transmission-inputs.ts';
import { verdictOf } from './verdict-of.ts';

/** Before the secret is known; the chain, which costs hashes, comes last. */
const CLOSED_TRANSMISSION_CHECKS: readonly RuleCheck<TransmissionInputs>[] = [
  checkKnownKey,
  checkParticipantKind,
  checkBatchName,
  checkInsideEpoch,
  checkSenderAssertion,
  checkGrant,
  checkChainAnchor,
  checkCanTransmit,
  checkOneARound,
  checkOneAnIndex,
  checkRoundNotVoid,
  checkSurveyCell,
  checkSatellites,
  checkHdop,
  checkSpeed,
  checkSurveyPlan,
  checkChainPosition,
  checkChainLink,
];

/** Against what the secret gives. */
const OPENED_TRANSMISSION_CHECKS: readonly RuleCheck<OpenedTransmission>[] = [
  checkFrame,
  checkRevealedLateEnough,
  checkDerivedFrequency,
  checkDerivedSpreadingFactor,
  checkBeaconBandwidth,
  checkDerivedPowerStep,
  checkSlot,
  checkPowerWithinPlan,
  checkPowerWithinAssertion,
];

/**
 * Judges the reveal of a beacon or a survey transmission by what is known of it alone. The judgement has facts as soon
 * as the secret is open, also when a later check refuses: its witnesses are then told `beacon_not_valid`.
 */
export function judgeTransmission(context: TransmissionContext): TransmissionJudgement {
  const inputs = transmissionInputs(context);
  const checks: Check[] = [];
  const verdict = (refusal: ReturnType<typeof firstRefusal>) => {
    const subject = context.report.kind;
    return verdictOf(context, { subject, round: inputs.round, sender: context.reporter, checks, refusal });
  };
  const refusal = firstRefusal(CLOSED_TRANSMISSION_CHECKS, inputs, checks);
  if (refusal !== undefined) return { verdict: verdict(refusal) };
  const opened = open(inputs);
  return { verdict: verdict(firstRefusal(OPENED_TRANSMISSION_CHECKS, opened, checks)), facts: factsOf(opened) };
}

function transmissionInputs(context: TransmissionContext): TransmissionInputs {
  const isBeacon = context.report.kind === 'beacon';
  const assertion = assertionOf(context);
  const radio: RadioDeclaration | undefined = 'anchor' in context ? context.anchor : assertion;
  const senderCell = context.report.kind === 'survey' ? context.report.cell : assertion?.cell;
  const kind = isBeacon ? 'hotspot' : 'survey_device';
  const choices = radio && findBeaconChoices({ kind, radio, timing: context.timing });
  return {
    ...context,
    round: context.report.round,
    canTransmit: assertion?.canTransmit ?? !isBeacon,
    granted: 'granted' in context && context.granted,
    ...(radio ? { radio } : {}),
    ...(senderCell === undefined ? {} : { senderCell }),
    ...(choices ? { choices } : {}),
  };
}

function assertionOf(context: TransmissionContext): LocationAssertion | undefined {
  return 'assertion' in context ? context.assertion : undefined;
}

/** Only after every closed check has passed: they see to it that nothing is missing. */
function open(inputs: TransmissionInputs): OpenedTransmission {
  const { choices, entropy, networkId, participant, radio, report, reporter, round, ruleSet, senderCell, timing } =
    inputs;
  if (!choices || !entropy || !participant || !radio || senderCell === undefined) {
    throw new Error('a transmission was opened before its checks had passed');
  }
  const secret = deriveBeaconSecret({
    networkId,
    ruleSetId: ruleSet.id,
    entropy,
    sender: reporter,
    roundOrIndex: ordinalOf(report),
    chainLink: report.chainLink,
  });
  const parameters = deriveBeaconParameters(secret, choices);
  const due = firstSlotOfRound(timing, round) + parameters.slotInRound;
  const slot = report.kind === 'beacon' ? due : slotAt(timing, report.sentAtMs);
  return { ...inputs, participant, radio, senderCell, secret, parameters, slot };
}

function factsOf(opened: OpenedTransmission): TransmissionFacts {
  const { parameters, participant, radio, report, reporter, round, ruleSet, secret, slot } = opened;
  const assertion = assertionOf(opened);
  const { frequencyHz, spreadingFactor } = parameters;
  const bandwidthHz = BEACON_BANDWIDTH_HZ;
  const airtimeUs = timeOnAirUs({ phyBytes: BEACON_FRAME_BYTES, spreadingFactor, bandwidthHz });
  const ceilingDdbm = report.txPowerActualDdbm ?? highestLevelDdbm(radio);
  return {
    sender: reporter,
    senderKind: participant.kind,
    owner: participant.owner,
    round,
    slot,
    cell: opened.senderCell,
    tag: beaconTag(secret),
    nonce: beaconNonce(secret),
    frequencyHz,
    spreadingFactor,
    bandwidthHz,
    sentAtMs: report.sentAtMs,
    airtimeMs: Math.ceil(airtimeUs / 1000),
    eirpDdbm: ddbm(conductedPowerDdbm(report) + radio.antennaGainDdbi),
    eirpCeilingDdbm: ddbm(ceilingDdbm + radio.antennaGainDdbi),
    horizonHeightM: assertion ? horizonHeightM(assertion) : ruleSet.assertion.maxAltitudeM,
  };
}
