import {
  type ChainAnchor,
  decodeReport,
  GRANT_KINDS,
  type LocationAssertion,
  PARTICIPANT_KINDS,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import type {
  CarriedReport,
  EpochState,
  FreshCell,
  LogState,
  OwnerTotal,
  ParticipantState,
  Sighting,
  StandingCertificate,
  StandingGrant,
  StandingStatement,
} from './epoch-state.ts';
import { type JsonFields, StateFault } from './json-fields.ts';

/** Items of a state from their JSON; what `state-json.ts` wrote. All throw `StateFault`. */

const KEY_BYTES = 32;
const HASH_BYTES = 32;
const ADDRESS_BYTES = 20;
const MAX_CELL_HEX = 16;

export function headOf(fields: JsonFields): Pick<EpochState, 'network' | 'epoch'> {
  const timing = fields.fields('timing');
  return {
    network: {
      networkId: fields.text('networkId'),
      ruleSet: fields.integer('ruleSet'),
      ruleSetId: fields.bytes('ruleSetId', HASH_BYTES),
      timing: {
        genesisMs: unixMs(timing.integer('genesisMs')),
        slotMs: timing.integer('slotMs', 1),
        roundMs: timing.integer('roundMs', 1),
        epochMs: timing.integer('epochMs', 1),
        clockMarginMs: timing.integer('clockMarginMs', 1),
        epochGraceMs: timing.integer('epochGraceMs', 1),
      },
      validators: fields.list('validators').map((entry) => ({
        logKey: entry.bytes('logKey', KEY_BYTES),
        chainAnchor: entry.bytes('chainAnchor', HASH_BYTES),
        firstRound: entry.integer('firstRound'),
        owner: entry.bytes('owner', ADDRESS_BYTES),
      })),
    },
    epoch: fields.integer('epoch'),
  };
}

export function logOf(fields: JsonFields, cut: JsonFields): LogState {
  return {
    origin: fields.text('origin'),
    validator: fields.integer('validator', -1),
    size: cut.integer('size'),
    root: cut.bytes('root', HASH_BYTES),
    lastClosedSlot: fields.integer('lastClosedSlot', -1),
  };
}

function sightingOf(fields: JsonFields): Sighting {
  return { validator: fields.integer('validator'), lastClosedSlot: fields.integer('lastClosedSlot', -1) };
}

export function certificateOf(fields: JsonFields): StandingCertificate {
  return {
    round: fields.integer('round'),
    entropy: fields.bytes('entropy', HASH_BYTES),
    signers: fields.integers('signers'),
    sightings: fields.list('sightings').map(sightingOf),
  };
}

function cellOf(fields: JsonFields): bigint {
  const text = fields.text('cell');
  if (!/^[0-9a-f]+$/.test(text) || text.length > MAX_CELL_HEX) throw new StateFault('cell');
  return BigInt(`0x${text}`);
}

export function participantOf(fields: JsonFields): ParticipantState {
  const successor = fields.has('successor') ? fields.fields('successor') : undefined;
  const home = fields.has('home') ? fields.fields('home') : undefined;
  return {
    key: fields.bytes('key', KEY_BYTES),
    kind: fields.code('kind', PARTICIPANT_KINDS),
    owner: fields.bytes('owner', ADDRESS_BYTES),
    ...(fields.has('codeHash') ? { codeHash: fields.bytes('codeHash', HASH_BYTES) } : {}),
    ...(fields.has('byDeposit') ? { byDeposit: true } : {}),
    fromRound: fields.integer('fromRound'),
    ...(successor
      ? { successor: { key: successor.bytes('key', KEY_BYTES), fromRound: successor.integer('fromRound') } }
      : {}),
    lastNumber: fields.integer('lastNumber'),
    statements: fields.list('statements').map(statementOf),
    lastIndex: fields.integer('lastIndex', -1),
    ...(home ? { home: { cell: cellOf(home), paidFromEpoch: home.integer('paidFromEpoch') } } : {}),
  };
}

function statementOf(fields: JsonFields): StandingStatement {
  const chain = fields.has('chain') ? fields.fields('chain') : undefined;
  return {
    reportId: fields.bytes('reportId', HASH_BYTES),
    report: declarationOf(fields.bytes('report')),
    fromRound: fields.integer('fromRound'),
    ...(fields.has('voidFromRound') ? { voidFromRound: fields.integer('voidFromRound') } : {}),
    ...(chain ? { chain: { position: chain.integer('position'), link: chain.bytes('link', HASH_BYTES) } } : {}),
  };
}

function declarationOf(bytes: Uint8Array): LocationAssertion | ChainAnchor {
  const decoded = decodeReport(bytes);
  if (!decoded.ok) throw new StateFault(`statement.${decoded.field}`);
  const { value } = decoded;
  if (value.kind !== 'location_assertion' && value.kind !== 'chain_anchor') throw new StateFault('statement.kind');
  return value;
}

export function grantOf(fields: JsonFields): StandingGrant {
  return {
    key: fields.bytes('key', KEY_BYTES),
    grant: fields.code('grant', GRANT_KINDS),
    validator: fields.integer('validator'),
    lastEpoch: fields.integer('lastEpoch'),
  };
}

export function freshCellOf(fields: JsonFields): FreshCell {
  return { cell: cellOf(fields), lastEpoch: fields.integer('lastEpoch') };
}

export function carriedOf(fields: JsonFields): CarriedReport {
  const report = fields.bytes('report');
  const decoded = decodeReport(report);
  if (!decoded.ok) throw new StateFault(`carried.${decoded.field}`);
  return {
    reporter: fields.bytes('reporter', KEY_BYTES),
    report,
    sightings: fields.list('sightings').map(sightingOf),
  };
}

export function ownerOf(fields: JsonFields): OwnerTotal {
  return { owner: fields.bytes('owner', ADDRESS_BYTES), cumulative: fields.amount('cumulative') };
}
