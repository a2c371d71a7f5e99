import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@sextant/firmware-bridge/protocol';
import { createMerkleTree, type MerkleTree } from '../../merkle/merkle-tree.ts';
import { hashLeaf, type Sha256 } from '../../merkle/tree-hasher.ts';
import { type CanonicalValue, canonicalJson } from '../../numeric/canonical-json.ts';
import type { EpochState } from './epoch-state.ts';
import { encodeGeneration } from './generation-codec.ts';
import { placeJson } from './place-items.ts';
import { holdingJson, payoutJson, referenceJson } from './registry-items.ts';
import {
  carriedJson,
  certificateJson,
  cutJson,
  freshCellJson,
  grantJson,
  headJson,
  judgedJson,
  logJson,
  ownerJson,
  participantJson,
} from './state-json.ts';

/** A state as bytes, named by its root. */
export interface EncodedState {
  /** RFC 6962 root over the lines but `cut` and `previous`: the same however reports were put into batches. */
  readonly root: Uint8Array;
  /** Over the same lines: proves any item of a state. */
  readonly tree: MerkleTree;
  /**
   * ASCII, one item a line (`<kind> <RFC 8785 JSON>`), sorted by UTF-16 code units, each line ended by a line feed; then
   * what the summary of the epoch before says by itself: a line `cut` for each log, by origin, and a line `previous` with
   * that summary's hash, if there was one.
   */
  readonly bytes: Uint8Array;
  /** What the lines name by its SHA-256: stored once, whichever states name it. */
  readonly parts: readonly StatePart[];
}

export interface StatePart {
  /** SHA-256 of the bytes. */
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Kinds of lines; each starts the line it describes. */
export const STATE_KINDS = [
  'carried',
  'cell',
  'certificate',
  'cut',
  'grant',
  'head',
  'holding',
  'judged',
  'log',
  'owner',
  'participant',
  'payout',
  'place',
  'previous',
  'registry',
  'window',
] as const;
export type StateKind = (typeof STATE_KINDS)[number];

/** The one serialisation of a state: equal states have equal bytes. */
export function encodeState(state: EpochState, sha256: Sha256 = portableSha256): EncodedState {
  const lines: string[] = [];
  const write = (kind: StateKind, value: CanonicalValue): void => {
    lines.push(`${kind} ${canonicalJson(value)}`);
  };
  write('head', headJson(state));
  for (const log of state.logs) write('log', logJson(log));
  for (const certificate of state.certificates) write('certificate', certificateJson(certificate));
  for (const participant of state.participants) write('participant', participantJson(participant));
  for (const grant of state.grants) write('grant', grantJson(grant));
  for (const cell of state.freshCells) write('cell', freshCellJson(cell));
  for (const report of state.carried) write('carried', carriedJson(report));
  for (const owner of state.owners) write('owner', ownerJson(owner));
  const partOf = (bytes: Uint8Array): StatePart => ({ digest: sha256(bytes), bytes });
  const judged = state.judged.map(({ prefixes }) => partOf(prefixes));
  state.judged.forEach(({ epoch }, i) => write('judged', judgedJson(epoch, (judged[i] as StatePart).digest)));
  for (const place of state.places) write('place', placeJson(place));
  const { reference, holdings, payouts } = state.registry;
  if (reference) write('registry', referenceJson(reference));
  for (const holding of holdings) write('holding', holdingJson(holding));
  for (const payout of payouts) write('payout', payoutJson(payout));
  const generations = state.window.map((generation) => partOf(encodeGeneration(generation)));
  for (const { digest } of generations) write('window', { digest });

  lines.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const hashes = new Uint8Array(32 * lines.length);
  lines.forEach((line, i) => hashes.set(hashLeaf(sha256, utf8ToBytes(line)), 32 * i));
  const tree = createMerkleTree(hashes, sha256);
  for (const log of state.logs) write('cut', cutJson(log));
  if (state.previousSummary) write('previous', { summary: state.previousSummary });
  return {
    root: tree.root,
    tree,
    bytes: utf8ToBytes(lines.map((line) => `${line}\n`).join('')),
    parts: distinct([...judged, ...generations]),
  };
}

function distinct(parts: readonly StatePart[]): StatePart[] {
  return [...new Map(parts.map((part) => [bytesToHex(part.digest), part])).values()];
}
