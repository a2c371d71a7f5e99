import {
  type Checkpoint,
  formatCheckpoint,
  formatSignedNote,
  NOTE_SIGNATURE_TYPES,
  type NoteKey,
  noteKeyId,
  utf8ToBytes,
} from '@sextant/firmware-bridge/protocol';
import type { SignedCheckpoint } from './log-reader.ts';

/** Signs notes with ed25519: a key in memory, or a secure element. */
export interface NoteSigner {
  /** The key's name on the note; by recommendation of C2SP tlog-checkpoint the origin of the log. */
  readonly name: string;
  /** ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** The key that this signer's notes are checked against. */
export function noteKeyOf(signer: NoteSigner): NoteKey {
  return { name: signer.name, type: NOTE_SIGNATURE_TYPES.ed25519, publicKey: signer.publicKey };
}

/** Returns a function that signs checkpoints: one signature a call. */
export function createCheckpointSigner(signer: NoteSigner): (checkpoint: Checkpoint) => SignedCheckpoint {
  const keyId = noteKeyId(noteKeyOf(signer));
  return (checkpoint) => {
    const text = formatCheckpoint(checkpoint);
    const signature = signer.sign(utf8ToBytes(text));
    return { ...checkpoint, note: formatSignedNote(text, [{ name: signer.name, keyId, signature }]) };
  };
}
