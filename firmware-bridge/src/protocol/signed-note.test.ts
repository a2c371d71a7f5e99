import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8ToBytes } from './bytes.ts';
import { publicKeyOf, signMessage, verifySignature } from './ed25519.ts';
import {
  ed25519NoteVerifier,
  formatNoteKey,
  formatSignedNote,
  isKeyName,
  NOTE_SIGNATURE_TYPES,
  type NoteKey,
  noteKeyId,
  parseNoteKey,
  parseSignedNote,
  type SignedNote,
  verifyNote,
} from './signed-note.ts';

// The example of golang.org/x/mod/sumdb/note (BSD-3-Clause): a key pair, a text and the note it makes.
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_SEED = Uint8Array.from(Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1));
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_SIGNATURE_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const verifyEd25519Note = ed25519NoteVerifier(verifySignature);

function goKey(): NoteKey {
  const key = parseNoteKey(GO_KEY);
  if (key === undefined) throw new Error('the published key was refused');
  return key;
}

function parsed(text: string): SignedNote {
  const result = parseSignedNote(utf8ToBytes(text));
  if (!result.ok) throw new Error(result.reason);
  return result.note;
}

const reasonOf = (text: string | Uint8Array) => {
  const result = parseSignedNote(typeof text === 'string' ? utf8ToBytes(text) : text);
  return result.ok ? 'ok' : result.reason;
};

describe('the published note of golang.org/x/mod', () => {
  it('reads, verifies and prints back byte for byte', () => {
    const note = parsed(`${GO_TEXT}\n${GO_SIGNATURE_LINE}`);
    expect(note.text).toBe(GO_TEXT);
    expect(verifyNote(note, goKey(), verifyEd25519Note)).toBe('valid');
    expect(formatSignedNote(note.text, note.signatures)).toEqual(utf8ToBytes(`${GO_TEXT}\n${GO_SIGNATURE_LINE}`));
    expect(formatNoteKey(goKey())).toBe(GO_KEY);
  });

  it('is what signing with the published seed gives', () => {
    const key = goKey();
    expect(publicKeyOf(GO_SEED)).toEqual(key.publicKey);
    const signature = signMessage(utf8ToBytes(GO_TEXT), GO_SEED);
    const note = formatSignedNote(GO_TEXT, [{ name: key.name, keyId: noteKeyId(key), signature }]);
    expect(note).toEqual(utf8ToBytes(`${GO_TEXT}\n${GO_SIGNATURE_LINE}`));
  });

  it('is refused with any letter changed', () => {
    const note = parsed(`${GO_TEXT.replace('cryptography', 'cryptographY')}\n${GO_SIGNATURE_LINE}`);
    expect(verifyNote(note, goKey(), verifyEd25519Note)).toBe('bad_signature');
  });
});

it('computes the key id of the timestamped cosignature type too', () => {
  // transparency-dev/formats v0.1.1, note/note_cosigv1_test.go (Apache-2.0).
  const key = parseNoteKey('remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2');
  expect(key?.type).toBe(NOTE_SIGNATURE_TYPES.cosignatureV1);
});

it('does not take a plain signature for a key of another type', () => {
  const key = { ...goKey(), type: NOTE_SIGNATURE_TYPES.cosignatureV1 };
  const signature = signMessage(utf8ToBytes(GO_TEXT), GO_SEED);
  const note = { text: GO_TEXT, signatures: [{ name: key.name, keyId: noteKeyId(key), signature }] };
  expect(verifyNote(note, key, verifyEd25519Note)).toBe('bad_signature');
});

it('ignores the signatures of others, and one bad signature of this key spoils the note', () => {
  const key = goKey();
  const good = parsed(`${GO_TEXT}\n${GO_SIGNATURE_LINE}`).signatures;
  const own = { name: key.name, keyId: noteKeyId(key), signature: new Uint8Array(64) };
  const verdict = (signatures: SignedNote['signatures']) =>
    verifyNote({ text: GO_TEXT, signatures }, key, verifyEd25519Note);
  expect(verdict([{ ...own, name: 'Enoch' }, ...good])).toBe('valid');
  expect(verdict([{ ...own, keyId: own.keyId + 1 }, ...good])).toBe('valid');
  expect(verdict([...good, own])).toBe('bad_signature');
  expect(verdict([{ ...own, name: 'Enoch' }])).toBe('unknown_key');
});

describe('hostile notes', () => {
  it.each([
    ['no blank line', `${GO_TEXT}${GO_SIGNATURE_LINE}`, 'no_signatures'],
    ['nothing after the blank line', `${GO_TEXT}\n`, 'no_signatures'],
    ['empty', '', 'no_signatures'],
    ['no final newline', `${GO_TEXT}\n${GO_SIGNATURE_LINE.trimEnd()}`, 'no_signatures'],
    ['a tab', `a\tb\n\n${GO_SIGNATURE_LINE}`, 'control_character'],
    ['a carriage return', `a\r\n\n${GO_SIGNATURE_LINE}`, 'control_character'],
    ['a hyphen for the dash', `a\n\n${GO_SIGNATURE_LINE.replace('—', '-')}`, 'bad_signature_line'],
    ['a plus in the name', `a\n\n${GO_SIGNATURE_LINE.replace('Peter', 'Pe+er')}`, 'bad_signature_line'],
    ['a Unicode space in the name', `a\n\n${GO_SIGNATURE_LINE.replace('Peter', 'Pe\u2003er')}`, 'bad_signature_line'],
    ['no signature bytes', 'a\n\n— name AAAAAA==\n', 'bad_signature_line'],
    ['base64 with non-zero padding bits', 'a\n\n— name AAAAAAB=\n', 'bad_signature_line'],
    ['base64 without padding', 'a\n\n— name AAAAAAA\n', 'bad_signature_line'],
    ['33 signatures', `a\n\n${GO_SIGNATURE_LINE.repeat(33)}`, 'too_many_signatures'],
    ['a blank line among the signatures', `a\n\n${GO_SIGNATURE_LINE}\n${GO_SIGNATURE_LINE}`, 'ok'],
  ])('%s', (_name, text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it('refuses invalid UTF-8 and too many bytes', () => {
    expect(reasonOf(Uint8Array.of(0xc0, 0x80, 0x0a))).toBe('not_utf8');
    expect(reasonOf(new Uint8Array(131_073))).toBe('too_large');
  });

  it('never throws, and what it accepts prints back to the same bytes', () => {
    const line = fc.oneof(
      fc.constantFrom('', '\n', '\n\n', GO_TEXT, GO_SIGNATURE_LINE, '— ', '— a ', '\ufeff'),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.base64String(),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(line, { maxLength: 8 }).map((parts) => new TextEncoder().encode(parts.join(''))),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const result = parseSignedNote(input);
        if (result.ok) expect(formatSignedNote(result.note.text, result.note.signatures)).toEqual(input);
      }),
      { numRuns: 200 },
    );
  });
});

it('refuses a key whose id is another key’s, and every part of a key', () => {
  expect(parseNoteKey(GO_KEY.replace('c74f20a3', 'c74f20a4'))).toBeUndefined();
  expect(parseNoteKey(GO_KEY.replace('PeterNeumann', 'PeterNeumanN'))).toBeUndefined();
  for (let end = 0; end < GO_KEY.length; end++) expect(parseNoteKey(GO_KEY.slice(0, end))).toBeUndefined();
  for (let start = 1; start < GO_KEY.length; start++) expect(parseNoteKey(GO_KEY.slice(start))).toBeUndefined();
});

it('knows what a key name is', () => {
  expect(['example.com/log', 'ключ', 'a'].every(isKeyName)).toBe(true);
  expect(['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', '\ud800', 'a'.repeat(256)].some(isKeyName)).toBe(false);
});
