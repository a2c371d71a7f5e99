import { encodeReport, type Timing, type ValidatorEntry } from '@sextant/firmware-bridge/protocol';
import type { CanonicalValue } from '../../numeric/canonical-json.ts';
import type {
  CarriedReport,
  ChainPosition,
  EpochState,
  FreshCell,
  LogState,
  OwnerTotal,
  ParticipantState,
  StandingCertificate,
  StandingGrant,
  StandingStatement,
} from './epoch-state.ts';

/** Items of a state as JSON values; absent members stay absent. `state-items.ts` reads them back. */

type JsonObject = { readonly [name: string]: CanonicalValue };

function optional<V>(name: string, value: V | undefined, convert: (value: V) => CanonicalValue): JsonObject {
  return value === undefined ? {} : { [name]: convert(value) };
}

const same = <V extends CanonicalValue>(value: V): CanonicalValue => value;
const cellText = (cell: bigint): string => cell.toString(16);

export function headJson(state: EpochState): JsonObject {
  const { network, epoch } = state;
  const { networkId, ruleSet, ruleSetId, timing, validators } = network;
  return {
    epoch,
    networkId,
    ruleSet,
    ruleSetId,
    timing: timingJson(timing),
    validators: validators.map(validatorJson),
  };
}

function timingJson(timing: Timing): JsonObject {
  const { genesisMs, slotMs, roundMs, epochMs, clockMarginMs, epochGraceMs } = timing;
  return { genesisMs, slotMs, roundMs, epochMs, clockMarginMs, epochGraceMs };
}

function validatorJson({ logKey, chainAnchor, firstRound, owner }: ValidatorEntry): JsonObject {
  return { logKey, chainAnchor, firstRound, owner };
}

export function logJson({ origin, validator, lastClosedSlot }: LogState): JsonObject {
  return { origin, validator, lastClosedSlot };
}

/** Depends on how reports were put into batches, as nothing else of a state does. */
export function cutJson({ origin, size, root }: LogState): JsonObject {
  return { origin, size, root };
}

export function certificateJson({ round, entropy, signers, sightings }: StandingCertificate): JsonObject {
  return { round, entropy, signers, sightings: sightings.map((sighting) => ({ ...sighting })) };
}

export function participantJson(participant: ParticipantState): JsonObject {
  const { key, kind, owner, fromRound, lastNumber, statements, lastIndex } = participant;
  return {
    key,
    kind,
    owner,
    fromRound,
    lastNumber,
    lastIndex,
    statements: statements.map(statementJson),
    ...optional('codeHash', participant.codeHash, same),
    ...optional('byDeposit', participant.byDeposit, same),
    ...optional('successor', participant.successor, (next) => ({ ...next })),
    ...optional('home', participant.home, (home) => ({
      cell: cellText(home.cell),
      paidFromEpoch: home.paidFromEpoch,
    })),
  };
}

function statementJson(statement: StandingStatement): JsonObject {
  return {
    reportId: statement.reportId,
    report: encodeReport(statement.report),
    fromRound: statement.fromRound,
    ...optional('voidFromRound', statement.voidFromRound, same),
    ...optional('chain', statement.chain, ({ position, link }: ChainPosition) => ({ position, link })),
  };
}

export function grantJson({ key, grant, validator, lastEpoch }: StandingGrant): JsonObject {
  return { key, grant, validator, lastEpoch };
}

export function freshCellJson({ cell, lastEpoch }: FreshCell): JsonObject {
  return { cell: cellText(cell), lastEpoch };
}

export function carriedJson({ reporter, report, sightings }: CarriedReport): JsonObject {
  return { reporter, report, sightings: sightings.map((sighting) => ({ ...sighting })) };
}

export function ownerJson({ owner, cumulative }: OwnerTotal): JsonObject {
  return { owner, cumulative };
}

/** The prefixes themselves are a part of their own: they are many, and never change again. */
export function judgedJson(epoch: number, digest: Uint8Array): JsonObject {
  return { epoch, digest };
}
