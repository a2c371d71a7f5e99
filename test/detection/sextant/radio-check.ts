import { ddb, ddbi, ddbm, hertz, metres, unixMs } from '@sextant/firmware-bridge/protocol';
import {
  type CellCache,
  type CellCentre,
  distanceInterval,
  findCellCentre,
  findRadioRefusal,
  type RuleSet,
  signalPowerDdbm,
} from '@sextant/oracle/core';
import { isHotspot, type Reception } from '../worlds/radio.ts';

const FREQUENCY_HZ = hertz(868_100_000);
const BANDWIDTH_HZ = hertz(125_000);
const MAST_M = metres(10);

/** A reception that no check of its two ends has anything against. */
export interface AcceptedReception {
  readonly eirpDdbm: number;
  readonly espDdbm: number;
  readonly delayMs: number;
}

/** From the end of a frame by its sender's clock to its reception by the witness's, ms. */
export function delayMsOf({
  receivedAfterMs,
  transmission,
}: Pick<Reception, 'receivedAfterMs' | 'transmission'>): number {
  return receivedAfterMs - Math.ceil(transmission.airtimeMs);
}

/** The rule set's own checks of one link, as the epoch's judge makes them. */
export function acceptReception(
  { transmission, witness, ...report }: Reception,
  ruleSet: Pick<RuleSet, 'link' | 'assertion'>,
  cells: CellCache,
): AcceptedReception | 'too_near' | undefined {
  const { sender, spreadingFactor, eirpDdbm } = transmission;
  const known = { frequencyHz: FREQUENCY_HZ, spreadingFactor, bandwidthHz: BANDWIDTH_HZ };
  const levels = {
    ...(report.rssiChannelDdbm === undefined ? {} : { rssiChannelDdbm: ddbm(report.rssiChannelDdbm) }),
    ...(report.rssiSignalDdbm === undefined ? {} : { rssiSignalDdbm: ddbm(report.rssiSignalDdbm) }),
    snrDdb: ddb(report.snrDdb),
  };
  const espDdbm = signalPowerDdbm(levels);
  const delayMs = delayMsOf({ ...report, transmission });
  const refusal = findRadioRefusal({
    ruleSet,
    distance: distanceInterval(centreOf(transmission.cell, cells), centreOf(witness.claim.cell, cells), ruleSet),
    espDdbm,
    report: { ...known, ...levels, receivedAtMs: unixMs(report.receivedAfterMs) },
    transmission: {
      facts: {
        ...known,
        senderKind: isHotspot(sender) ? 'hotspot' : 'survey_device',
        sentAtMs: unixMs(0),
        airtimeMs: Math.ceil(transmission.airtimeMs),
        eirpCeilingDdbm: ddbm(eirpDdbm),
        horizonHeightM: isHotspot(sender) ? sender.claim.altitudeM : ruleSet.assertion.maxAltitudeM,
      },
    },
    assertion: {
      antennaGainDdbi: ddbi(witness.claim.gainDdbi),
      antennaAglM: MAST_M,
      altitudeMslM: metres(witness.claim.altitudeM),
    },
  });
  if (refusal === 'too_near') return refusal;
  return refusal === undefined ? { eirpDdbm, espDdbm, delayMs } : undefined;
}

function centreOf(cell: bigint, cells: CellCache): CellCentre {
  const centre = findCellCentre(cell, cells);
  if (!centre) throw new RangeError(`no cell: ${cell.toString(16)}`);
  return centre;
}
