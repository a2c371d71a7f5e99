import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8ToBytes } from './bytes.ts';
import { formatCheckpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { publicKeyOf, signMessage, verifySignature } from './ed25519.ts';
import { formatSignedNote, NOTE_SIGNATURE_TYPES, noteKeyId, parseSignedNote } from './signed-note.ts';

// The example of https://c2sp.org/tlog-checkpoint.
const EXAMPLE_TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const EXAMPLE =
  `${EXAMPLE_TEXT}\n— example.com/behind-the-sofa ` +
  'Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';

const reasonOf = (text: string) => {
  const result = parseCheckpoint(text);
  return result.ok ? 'ok' : result.reason;
};

it('reads the example of the specification and prints it back', () => {
  const note = parseSignedNote(utf8ToBytes(EXAMPLE));
  if (!note.ok) throw new Error(note.reason);
  const result = parseCheckpoint(note.note.text);
  if (!result.ok) throw new Error(result.reason);
  expect(result.checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
  expect(formatCheckpoint(result.checkpoint)).toBe(EXAMPLE_TEXT);
});

it.each([
  ['an empty origin', EXAMPLE_TEXT.replace('example.com/behind-the-sofa', ''), 'bad_origin'],
  ['a leading zero', EXAMPLE_TEXT.replace('20852163', '020852163'), 'bad_size'],
  ['a sign', EXAMPLE_TEXT.replace('20852163', '-1'), 'bad_size'],
  ['a size beyond safe integers', EXAMPLE_TEXT.replace('20852163', '9007199254740992'), 'bad_size'],
  ['the largest safe size', EXAMPLE_TEXT.replace('20852163', '9007199254740991'), 'ok'],
  ['size 0', EXAMPLE_TEXT.replace('20852163', '0'), 'ok'],
  ['a short root', EXAMPLE_TEXT.replace('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'AAAA'), 'bad_root'],
  ['a root with non-zero padding bits', EXAMPLE_TEXT.replace('2I=', '2J='), 'bad_root'],
  ['two lines', 'origin\n1\n', 'bad_root'],
  ['no final newline', EXAMPLE_TEXT.trimEnd(), 'bad_extension'],
  ['an extension line', `${EXAMPLE_TEXT}more\n`, 'ok'],
  ['an empty extension line', `${EXAMPLE_TEXT}\nmore\n`, 'bad_extension'],
])('judges %s', (_name, text, reason) => {
  expect(reasonOf(text)).toBe(reason);
});

const seed = new Uint8Array(32).fill(7);
const key = { name: 'log.example/a', type: NOTE_SIGNATURE_TYPES.ed25519, publicKey: publicKeyOf(seed) };

function signed(text: string): Uint8Array {
  const signature = signMessage(utf8ToBytes(text), seed);
  return formatSignedNote(text, [{ name: key.name, keyId: noteKeyId(key), signature }]);
}

it('believes a checkpoint only from its key and about its log', () => {
  const checkpoint = { origin: key.name, size: 3, root: new Uint8Array(32).fill(1) };
  const note = signed(formatCheckpoint(checkpoint));
  const expected = { origin: key.name, key };
  const reason = (bytes: Uint8Array, want = expected) => {
    const result = verifyCheckpoint(bytes, want, verifySignature);
    return result.ok ? 'ok' : result.reason;
  };
  expect(verifyCheckpoint(note, expected, verifySignature)).toEqual({ ok: true, checkpoint });
  expect(reason(note, { ...expected, origin: 'log.example/b' })).toBe('other_origin');
  expect(reason(note, { ...expected, key: { ...key, publicKey: publicKeyOf(new Uint8Array(32)) } })).toBe(
    'unknown_key',
  );
  expect(reason(utf8ToBytes(new TextDecoder().decode(note).replace('\n3\n', '\n4\n')))).toBe('bad_signature');
  expect(reason(signed('log.example/a\n3\n'))).toBe('bad_root');
});

it('never throws on any text, and what it accepts without extensions prints back', () => {
  const line = fc.oneof(fc.string(), fc.nat().map(String), fc.constant('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const text = lines.map((part) => `${part}\n`).join('');
      const result = parseCheckpoint(text);
      if (result.ok && text.split('\n').length === 4) expect(formatCheckpoint(result.checkpoint)).toBe(text);
    }),
  );
});
