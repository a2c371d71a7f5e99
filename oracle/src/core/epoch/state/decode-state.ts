import { sha256 } from '@noble/hashes/sha2.js';
import { compareBytes, equalBytes } from '@sextant/firmware-bridge/protocol';
import type { RegistryState } from '../../registry/registry-state.ts';
import { encodeState, STATE_KINDS, type StateKind } from './encode-state.ts';
import type { CarriedReport, EpochState, JudgedReports, LogState } from './epoch-state.ts';
import { decodeGeneration } from './generation-codec.ts';
import { JsonFields, StateFault } from './json-fields.ts';
import { arePrefixes } from './judged-reports.ts';
import { placeOf } from './place-items.ts';
import type { LinkGeneration } from './place-state.ts';
import { holdingOf, payoutOf, referenceOf } from './registry-items.ts';
import {
  carriedOf,
  certificateOf,
  freshCellOf,
  grantOf,
  headOf,
  logOf,
  ownerOf,
  participantOf,
} from './state-items.ts';

export type DecodedState =
  | { readonly ok: true; readonly state: EpochState; readonly root: Uint8Array }
  | { readonly ok: false; readonly field: string };

/** Bytes a state names by their SHA-256, from wherever they are kept; undefined when nobody has them. */
export type FindPart = (digest: Uint8Array) => Uint8Array | undefined;

/**
 * Reads what `encodeState` wrote. Whoever got the bytes from a stranger compares `root` with the one that was signed, and
 * the logs' sizes and roots with that summary's cut: anything but the one serialisation of the state is refused, so equal
 * roots mean equal states. `field` says what is
 * wrong with refused bytes.
 */
export function decodeState(bytes: Uint8Array, findPart: FindPart): DecodedState {
  try {
    const state = stateOf(linesByKind(bytes), findPart);
    const encoded = encodeState(state);
    if (!equalBytes(encoded.bytes, bytes)) return { ok: false, field: 'order' };
    return { ok: true, state, root: encoded.root };
  } catch (error) {
    if (error instanceof StateFault) return { ok: false, field: error.field };
    throw error;
  }
}

type Lines = Readonly<Record<StateKind, readonly JsonFields[]>>;

function linesByKind(bytes: Uint8Array): Lines {
  const lines = Object.fromEntries(STATE_KINDS.map((kind) => [kind, [] as JsonFields[]])) as Record<
    StateKind,
    JsonFields[]
  >;
  for (const line of asciiText(bytes).split('\n')) {
    if (line === '') continue;
    const space = line.indexOf(' ');
    const kind = STATE_KINDS.find((name) => name === line.slice(0, space));
    if (!kind) throw new StateFault('kind');
    lines[kind].push(new JsonFields(kind, parsed(line.slice(space + 1), kind)));
  }
  return lines;
}

/** Names are ASCII and bytes are hex: nothing in a state needs more. */
function asciiText(bytes: Uint8Array): string {
  if (bytes.some((byte) => byte > 0x7e)) throw new StateFault('text');
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return pieces.join('');
}

function parsed(json: string, kind: StateKind): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new StateFault(kind);
  }
}

function stateOf(lines: Lines, findPart: FindPart): EpochState {
  const [head, ...others] = lines.head;
  if (!head || others.length > 0) throw new StateFault('head');
  const certificates = lines.certificate.map(certificateOf);
  const grants = lines.grant.map(grantOf);
  const [previous] = lines.previous;
  return {
    ...headOf(head),
    ...(previous ? { previousSummary: previous.bytes('summary', 32) } : {}),
    logs: logsOf(lines),
    certificates: certificates.sort((a, b) => a.round - b.round || compareBytes(a.entropy, b.entropy)),
    participants: lines.participant.map(participantOf).sort((a, b) => compareBytes(a.key, b.key)),
    grants: grants.sort(
      (a, b) => compareBytes(a.key, b.key) || compareText(a.grant, b.grant) || a.validator - b.validator,
    ),
    freshCells: lines.cell.map(freshCellOf).sort((a, b) => (a.cell < b.cell ? -1 : 1)),
    carried: lines.carried.map(carriedOf).sort(byReporter),
    owners: lines.owner.map(ownerOf).sort((a, b) => compareBytes(a.owner, b.owner)),
    judged: lines.judged.map((fields) => judgedOf(fields, findPart)).sort((a, b) => a.epoch - b.epoch),
    places: lines.place.map(placeOf).sort((a, b) => compareBytes(a.key, b.key)),
    window: lines.window.map((fields) => windowOf(fields, findPart)).sort((a, b) => a.generation - b.generation),
    registry: registryOf(lines),
  };
}

function registryOf(lines: Lines): RegistryState {
  const [reference, ...others] = lines.registry.map(referenceOf);
  if (others.length > 0) throw new StateFault('registry');
  return {
    ...(reference ? { reference } : {}),
    holdings: lines.holding.map(holdingOf).sort((a, b) => compareBytes(a.key, b.key)),
    payouts: lines.payout.map(payoutOf).sort((a, b) => compareBytes(a.owner, b.owner)),
  };
}

/** A log that a line names and no `cut` does, or the other way round, is no state. */
function logsOf(lines: Lines): readonly LogState[] {
  const cuts = new Map(lines.cut.map((fields) => [fields.text('origin'), fields]));
  if (cuts.size !== lines.log.length) throw new StateFault('cut');
  const logs = lines.log.map((fields) => {
    const cut = cuts.get(fields.text('origin'));
    if (!cut) throw new StateFault('cut');
    return logOf(fields, cut);
  });
  return logs.sort((a, b) => compareText(a.origin, b.origin));
}

const byReporter = (a: CarriedReport, b: CarriedReport): number =>
  compareBytes(a.reporter, b.reporter) || compareBytes(a.report, b.report);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function judgedOf(fields: JsonFields, findPart: FindPart): JudgedReports {
  const digest = fields.bytes('digest', 32);
  const prefixes = findPart(digest);
  if (!prefixes || !equalBytes(sha256(prefixes), digest) || !arePrefixes(prefixes))
    throw new StateFault('judged.digest');
  return { epoch: fields.integer('epoch'), prefixes };
}

function windowOf(fields: JsonFields, findPart: FindPart): LinkGeneration {
  const digest = fields.bytes('digest', 32);
  const bytes = findPart(digest);
  if (!bytes || !equalBytes(sha256(bytes), digest)) throw new StateFault('window.digest');
  return decodeGeneration(bytes);
}
