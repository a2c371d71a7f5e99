import { base64 } from '@scure/base';
import type { VerifySignature } from './ed25519.ts';
import { TREE_HASH_BYTES } from './merkle.ts';
import {
  decodeBase64,
  ed25519NoteVerifier,
  type NoteFault,
  type NoteKey,
  parseSignedNote,
  verifyNote,
} from './signed-note.ts';

/** The head of a log: C2SP tlog-checkpoint v1.0.0 (https://c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log; for ours also the name of the key that signs. */
  readonly origin: string;
  /** Number of leaves, a safe integer. */
  readonly size: number;
  /** RFC 6962 root at that size. */
  readonly root: Uint8Array;
}

export const CHECKPOINT_FAULTS = ['bad_origin', 'bad_size', 'bad_root', 'bad_extension'] as const;
export type CheckpointFault = (typeof CHECKPOINT_FAULTS)[number];

export type ParsedCheckpoint =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | { readonly ok: false; readonly reason: CheckpointFault };

/** The note text of a checkpoint: three lines, no extensions. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${base64.encode(checkpoint.root)}\n`;
}

/** Reads a note text as a checkpoint. Extension lines are allowed and have no meaning for us. Never throws. */
export function parseCheckpoint(text: string): ParsedCheckpoint {
  const [origin, size, root, ...rest] = text.split('\n');
  const extensions = rest.slice(0, -1);
  if (origin === undefined || origin === '') return { ok: false, reason: 'bad_origin' };
  if (size === undefined || !/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    return { ok: false, reason: 'bad_size' };
  }
  const rootBytes = root === undefined ? undefined : decodeBase64(root);
  if (rootBytes?.length !== TREE_HASH_BYTES) return { ok: false, reason: 'bad_root' };
  if (rest.at(-1) !== '' || extensions.includes('')) return { ok: false, reason: 'bad_extension' };
  return { ok: true, checkpoint: { origin, size: Number(size), root: rootBytes } };
}

export type VerifiedCheckpoint =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | {
      readonly ok: false;
      readonly reason: NoteFault | CheckpointFault | 'unknown_key' | 'bad_signature' | 'other_origin';
    };

/** Reads a signed checkpoint and believes it only when `key` signed it and it is about the log `origin`. */
export function verifyCheckpoint(
  signedNote: Uint8Array,
  expected: { readonly origin: string; readonly key: NoteKey },
  verify: VerifySignature,
): VerifiedCheckpoint {
  const parsed = parseSignedNote(signedNote);
  if (!parsed.ok) return parsed;
  const verdict = verifyNote(parsed.note, expected.key, ed25519NoteVerifier(verify));
  if (verdict !== 'valid') return { ok: false, reason: verdict };
  const head = parseCheckpoint(parsed.note.text);
  if (head.ok && head.checkpoint.origin !== expected.origin) return { ok: false, reason: 'other_origin' };
  return head;
}
