import { sha256 } from '@noble/hashes/sha2.js';
import { base64, utf8 } from '@scure/base';
import { bytesToHex, concatBytes, readUint32, uint32BigEndian, utf8ToBytes } from './bytes.ts';
import { PUBLIC_KEY_BYTES, type VerifySignature } from './ed25519.ts';

/**
 * Signed notes as C2SP signed-note v1.0.0 defines them (https://c2sp.org/signed-note): a text, a blank line, and lines
 * `— name base64(key id ‖ signature)`. Base64 is accepted in its one canonical form only.
 */
export const NOTE_MAX_BYTES = 131_072;
/** The specification asks for at least 16. */
export const NOTE_MAX_SIGNATURES = 32;

/** Signature types assigned by C2SP signed-note; the byte is part of the key id. */
export const NOTE_SIGNATURE_TYPES = { ed25519: 0x01, cosignatureV1: 0x04 } as const;

export const NOTE_FAULTS = [
  'too_large',
  'not_utf8',
  'control_character',
  'no_signatures',
  'too_many_signatures',
  'bad_signature_line',
] as const;
export type NoteFault = (typeof NOTE_FAULTS)[number];

export interface NoteSignature {
  readonly name: string;
  /** Unsigned 32 bits. */
  readonly keyId: number;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** Ends in a newline; the blank line is not part of it. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A key that notes are checked against. */
export interface NoteKey {
  readonly name: string;
  readonly type: number;
  readonly publicKey: Uint8Array;
}

export type ParsedNote =
  | { readonly ok: true; readonly note: SignedNote }
  | { readonly ok: false; readonly reason: NoteFault };

const KEY_NAME_MAX_CHARACTERS = 255;

/** 1 to 255 characters without spaces, control characters, '+' and unpaired surrogates. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= KEY_NAME_MAX_CHARACTERS && !/[\s+\p{Cc}\p{Cs}\p{Z}]/u.test(name);
}

/** First four bytes of SHA-256(name ‖ '\n' ‖ type ‖ public key), as an unsigned integer. */
export function noteKeyId(key: NoteKey): number {
  return readUint32(sha256(concatBytes(utf8ToBytes(`${key.name}\n`), Uint8Array.of(key.type), key.publicKey)), 0);
}

/** `name+key id in hex+base64(type ‖ public key)`, the text form of a key that other people's tools read. */
export function formatNoteKey(key: NoteKey): string {
  const id = bytesToHex(uint32BigEndian(noteKeyId(key)));
  return `${key.name}+${id}+${base64.encode(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** The other way round; undefined when the text is no key or its id does not fit the key. */
export function parseNoteKey(text: string): NoteKey | undefined {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{4,4096})$/u.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined || !isKeyName(name)) return undefined;
  const bytes = decodeBase64(encoded);
  if (bytes === undefined || bytes.length < 2) return undefined;
  const key: NoteKey = { name, type: bytes[0] as number, publicKey: bytes.slice(1) };
  return bytesToHex(uint32BigEndian(noteKeyId(key))) === id ? key : undefined;
}

/** Reads a note of any origin. Nothing in it may be believed before `verifyNote` said `valid`. Never throws. */
export function parseSignedNote(bytes: Uint8Array): ParsedNote {
  if (bytes.length > NOTE_MAX_BYTES) return { ok: false, reason: 'too_large' };
  const whole = decodeUtf8(bytes);
  if (whole === undefined) return { ok: false, reason: 'not_utf8' };
  if (hasControlCharacter(whole)) return { ok: false, reason: 'control_character' };
  const blank = whole.lastIndexOf('\n\n');
  if (blank < 0 || !whole.endsWith('\n') || blank + 2 === whole.length) return { ok: false, reason: 'no_signatures' };
  const lines = whole.slice(blank + 2, -1).split('\n');
  if (lines.length > NOTE_MAX_SIGNATURES) return { ok: false, reason: 'too_many_signatures' };
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (signature === undefined) return { ok: false, reason: 'bad_signature_line' };
    signatures.push(signature);
  }
  return { ok: true, note: { text: whole.slice(0, blank + 1), signatures } };
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line) ?? [];
  if (name === undefined || encoded === undefined || !isKeyName(name)) return undefined;
  const bytes = decodeBase64(encoded);
  if (bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyId: readUint32(bytes, 0), signature: bytes.slice(4) };
}

/** The bytes of a signed note. Throws RangeError on a text or name that no note may hold: that is a bug of the caller. */
export function formatSignedNote(text: string, signatures: readonly NoteSignature[]): Uint8Array {
  if (!text.endsWith('\n') || hasControlCharacter(text)) throw new RangeError('a note text is lines of plain text');
  const lines = signatures.map(({ name, keyId, signature }) => {
    if (!isKeyName(name)) throw new RangeError(`${JSON.stringify(name)} is no key name`);
    return `\u2014 ${name} ${base64.encode(concatBytes(uint32BigEndian(keyId), signature))}\n`;
  });
  return utf8ToBytes(`${text}\n${lines.join('')}`);
}

/** Judges one signature over a note's text; each signature type has its own. */
export type VerifyNoteSignature = (text: string, signature: Uint8Array, key: NoteKey) => boolean;

/** Type 0x01: plain ed25519 over the text. */
export function ed25519NoteVerifier(verify: VerifySignature): VerifyNoteSignature {
  return (text, signature, key) =>
    key.type === NOTE_SIGNATURE_TYPES.ed25519 &&
    key.publicKey.length === PUBLIC_KEY_BYTES &&
    verify(signature, utf8ToBytes(text), key.publicKey);
}

export type NoteVerdict = 'valid' | 'unknown_key' | 'bad_signature';

/**
 * Whether `key` signed the note. Signatures by others are ignored, as the specification wants; one that names this key
 * and does not verify makes the whole note bad.
 */
export function verifyNote(note: SignedNote, key: NoteKey, verify: VerifyNoteSignature): NoteVerdict {
  const keyId = noteKeyId(key);
  const own = note.signatures.filter((signature) => signature.name === key.name && signature.keyId === keyId);
  if (own.length === 0) return 'unknown_key';
  return own.every(({ signature }) => verify(note.text, signature, key)) ? 'valid' : 'bad_signature';
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.encode(bytes);
  } catch {
    return undefined;
  }
}

/** Canonical, padded base64 only. */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = base64.decode(text);
    return base64.encode(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}
