import { type Check, type Ddb, ddb, ddbm, roundAt } from '@sextant/firmware-bridge/protocol';
import { findCellCentre } from '../geometry/cell.ts';
import type { CellCache, CellCentre } from '../geometry/cell-cache.ts';
import { distanceInterval } from '../geometry/distance-interval.ts';
import { freeSpaceLossDdb } from '../physics/free-space-loss.ts';
import { signalPowerDdbm } from '../physics/signal-power.ts';
import { firstRefusal, type RefusalReason, type RuleCheck } from './check-result.ts';
import type { LinkContext, LinkFacts, LinkJudgement } from './context.ts';
import { checkBeaconValid } from './link/beacon-valid.ts';
import { checkBeforeSlotClosed } from './link/before-slot-closed.ts';
import { checkClocksAgree } from './link/clocks-agree.ts';
import { checkCommitment } from './link/commitment.ts';
import { checkFarEnough } from './link/far-enough.ts';
import { checkHeardBandwidth } from './link/heard-bandwidth.ts';
import { checkHeardFrequency } from './link/heard-frequency.ts';
import { checkHeardSpreadingFactor } from './link/heard-spreading-factor.ts';
import { checkKnownBeacon } from './link/known-beacon.ts';
import type { LinkInputs, PairedLink, PlacedLink, RadioLink } from './link/link-inputs.ts';
import { checkNoisePossible } from './link/noise-possible.ts';
import { checkNotSelf } from './link/not-self.ts';
import { checkNotTooLoud } from './link/not-too-loud.ts';
import { checkNotTooQuiet } from './link/not-too-quiet.ts';
import { checkOneReport } from './link/one-report.ts';
import { checkOtherOwner } from './link/other-owner.ts';
import { checkWithinHorizon } from './link/within-horizon.ts';
import { checkWitnessAssertion } from './link/witness-assertion.ts';
import { checkBatchName } from './report/batch-name.ts';
import { checkInsideEpoch } from './report/inside-epoch.ts';
import { checkKnownKey } from './report/known-key.ts';
import { checkParticipantKind } from './report/participant-kind.ts';
import { verdictOf } from './verdict-of.ts';

/** What the report needs to be a link at all. */
const UNPAIRED_LINK_CHECKS: readonly RuleCheck<LinkInputs>[] = [
  checkKnownKey,
  checkParticipantKind,
  checkBatchName,
  checkInsideEpoch,
  checkKnownBeacon,
  checkWitnessAssertion,
];

/** How the witness came to know of the transmission, and whose it is. */
const PAIRED_LINK_CHECKS: readonly RuleCheck<PairedLink>[] = [
  checkBeforeSlotClosed,
  checkOneReport,
  checkCommitment,
  checkBeaconValid,
  checkNotSelf,
  checkOtherOwner,
];

/** Whether radio can do this between the two places. */
const RADIO_CHECKS: readonly RuleCheck<RadioLink>[] = [
  checkFarEnough,
  checkWithinHorizon,
  checkHeardFrequency,
  checkHeardSpreadingFactor,
  checkHeardBandwidth,
  checkClocksAgree,
  checkNotTooLoud,
  checkNotTooQuiet,
  checkNoisePossible,
];

/** Judges one witness report against the transmission it names; a valid one comes with what it measured. */
export function judgeLink(context: LinkContext, cells: CellCache): LinkJudgement {
  const { timing, report, transmission, assertion } = context;
  const round = transmission?.facts.round ?? Math.max(0, roundAt(timing, report.receivedAtMs));
  const checks: Check[] = [];
  const judgement = (refusal: RefusalReason | undefined, link?: LinkFacts): LinkJudgement => {
    const sender = transmission ? { sender: transmission.facts.sender } : {};
    const verdict = verdictOf(context, { subject: 'witness', round, ...sender, checks, refusal });
    return link && refusal === undefined ? { verdict, link } : { verdict };
  };

  const inputs: LinkInputs = { ...context, round };
  const unpaired = firstRefusal(UNPAIRED_LINK_CHECKS, inputs, checks);
  if (unpaired !== undefined || !transmission || !assertion) return judgement(unpaired);

  const paired: PairedLink = { ...inputs, transmission, assertion };
  const unrelated = firstRefusal(PAIRED_LINK_CHECKS, paired, checks);
  if (unrelated !== undefined) return judgement(unrelated);

  const distance = distanceInterval(
    centreOf(transmission.facts.cell, cells),
    centreOf(assertion.cell, cells),
    context.ruleSet,
  );
  const placed: PlacedLink = { ...paired, distance, espDdbm: signalPowerDdbm(report) };
  return judgement(firstRefusal(RADIO_CHECKS, placed, checks), linkFacts(placed));
}

/** Why radio between the two places cannot be as it was reported; undefined: nothing speaks against it. */
export function findRadioRefusal(link: RadioLink): RefusalReason | undefined {
  return firstRefusal(RADIO_CHECKS, link, []);
}

/** Cells of valid transmissions and assertions have been judged before. */
function centreOf(cell: bigint, cells: CellCache): CellCentre {
  const centre = findCellCentre(cell, cells);
  if (!centre) throw new RangeError(`a link of a valid transmission names no cell: ${cell.toString(16)}`);
  return centre;
}

function linkFacts(link: PlacedLink): LinkFacts {
  const { assertion, distance, espDdbm, report, ruleSet, transmission } = link;
  const { airtimeMs, eirpDdbm, frequencyHz, sentAtMs } = transmission.facts;
  const distanceM = distance.centresM;
  const pathLossDdb: Ddb = ddb(eirpDdbm + assertion.antennaGainDdbi - espDdbm);
  return {
    distanceM,
    espDdbm,
    referenceEspDdbm: ddbm(espDdbm + ruleSet.coverage.referenceEirpDdbm - eirpDdbm),
    snrDdb: report.snrDdb,
    pathLossDdb,
    freeSpaceLossDdb: freeSpaceLossDdb(Math.max(1, distanceM), frequencyHz),
    delayMs: report.receivedAtMs - sentAtMs - airtimeMs,
  };
}
